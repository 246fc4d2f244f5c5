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

export function headersFor(from: URL, to: URL, headers: Readonly<Record<string, string>>): Record<string, string> {
  if (from.origin === to.origin) return { ...headers };
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !SECRET_HEADERS.has(name.toLowerCase())));
}
