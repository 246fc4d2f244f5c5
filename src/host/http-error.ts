import { RefitError } from '../errors.ts';

/** undici's own names for what every other tool calls by an errno. Source: undici, docs/api/Errors.md. */
const ERRNO_OF: Readonly<Record<string, string>> = {
  UND_ERR_CONNECT_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_HEADERS_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_BODY_TIMEOUT: 'ETIMEDOUT',
  UND_ERR_SOCKET: 'ECONNRESET',
};

const CERTIFICATE = /CERT|SIGNATURE|ISSUER/;

/** Without the query and the user: both may carry secrets. */
export function shownUrl(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function hintFor(errno: string, origin: string): string {
  if (CERTIFICATE.test(errno))
    return `Name your own certificate authority as ca_file in refit.yaml, if ${origin} is yours`;
  return `Try curl -I ${origin} on this host; behind a proxy, set proxy in refit.yaml`;
}

export function unreachable(where: string, origin: string, errno: string, cause?: unknown): RefitError {
  return new RefitError('E_SOURCE_UNREACHABLE', `Cannot reach ${where}: ${errno}`, {
    hint: hintFor(errno, origin),
    facts: { errno, url: where },
    cause,
  });
}

/** An error of a socket, of TLS or of undici as one of ours. What has no code comes back as it is. */
export function httpError(where: string, origin: string, cause: unknown): unknown {
  if (cause instanceof RefitError || !(cause instanceof Error)) return cause;
  if (!('code' in cause) || typeof cause.code !== 'string') return cause;
  return unreachable(where, origin, ERRNO_OF[cause.code] ?? cause.code, cause);
}

export function sourceInvalid(message: string, url: URL): RefitError {
  return new RefitError('E_SOURCE_INVALID', message, {
    hint: 'Look at where it leads: curl -IL URL; a proxy or a login page may answer in its place',
    facts: { url: shownUrl(url) },
  });
}
