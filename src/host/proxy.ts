/** As undici's EnvHttpProxyAgent takes them; an empty string is none, and keeps it from looking into `process.env`. */
export interface Proxies {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

/** Lower case first, as curl has it. */
export function proxiesIn(environment: Readonly<Record<string, string>>): Proxies {
  const either = (name: string) => environment[name] ?? environment[name.toUpperCase()] ?? '';
  return { httpProxy: either('http_proxy'), httpsProxy: either('https_proxy'), noProxy: either('no_proxy') };
}

/** This host itself: a proxy would ask its own. */
export function isLoopback(hostname: string): boolean {
  const host = hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  return host === 'localhost' || host.endsWith('.localhost') || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host);
}
