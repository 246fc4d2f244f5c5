import { shownUrl, sourceInvalid } from './http-error.ts';

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What one host was told is not for another. */
const SECRET_HEADERS = new Set(['authorization', 'cookie', 'proxy-authorization']);

/** Rejects what is no http or https URL: `file:` in a redirect must not read our disk. */
export function httpUrl(text: string, base?: URL): URL {
  const url = URL.parse(text, base?.href);
  const isHttp = url?.protocol === 'http:' || url?.protocol === 'https:';
  if (url !== null && isHttp) return url;
  const shown = url === null ? text : `${url.protocol}…`;
  throw sourceInvalid(`Cannot ask ${shown}: expected an http or https URL`, base ?? new URL('about:blank'));
}

/** Where the response sends us, or `undefined` if it is an answer. Rejects a step down from https to http. */
export function redirectOf(from: URL, status: number, location: string | undefined): URL | undefined {
  if (!REDIRECTS.has(status) || location === undefined) return undefined;
  const to = httpUrl(location, from);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw sourceInvalid(`Cannot follow ${shownUrl(from)}: saw a redirect to ${to.origin}, expected https`, from);
  }
  return to;
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

/** Where a family of hosts is given, nothing goes in the clear but to this machine itself. */
export function requireSecure(url: URL): void {
  if (url.protocol === 'https:' || LOOPBACK.test(url.hostname)) return;
  throw sourceInvalid(`Cannot ask ${shownUrl(url)}: saw http, expected https`, url);
}

/** A redirect must stay at its own origin, on this machine, or within the family: "github.com", "*.githubusercontent.com". */
export function requireFamily(from: URL, to: URL, family: readonly string[]): void {
  if (to.origin === from.origin) return;
  if (LOOPBACK.test(from.hostname) && LOOPBACK.test(to.hostname)) return;
  const isKin = family.some((host) =>
    host.startsWith('*.') ? to.hostname.endsWith(host.slice(1)) : to.hostname === host,
  );
  if (isKin && to.protocol === 'https:') return;
  const expected = `https to one of ${family.join(', ')}`;
  throw sourceInvalid(`Cannot follow ${shownUrl(from)}: saw a redirect to ${to.origin}, expected ${expected}`, from);
}

export function headersFor(from: URL, to: URL, headers: Readonly<Record<string, string>>): Record<string, string> {
  if (from.origin === to.origin) return { ...headers };
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase())));
}
