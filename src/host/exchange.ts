import type { Dispatcher } from 'undici';
import { arrivals } from './arrivals.ts';
import { httpError, shownUrl, sourceInvalid, unreachable } from './http-error.ts';
import type { Network } from './network.ts';
import { headersFor, httpUrl, redirectOf, requireFamily, requireSecure } from './redirect.ts';

/** A response whose body is still to come. */
export interface Exchange {
  readonly url: URL;
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Dispatcher.ResponseData['body'];
}

export interface ExchangeRequest {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | undefined;
  /** Milliseconds until the headers of the response. */
  readonly headersMs: number;
  /** Milliseconds without a byte of the body. */
  readonly stallMs: number;
  readonly maxRedirects: number;
  /** Hosts that a redirect may lead to; undefined: any. */
  readonly redirectsTo?: readonly string[] | undefined;
  readonly stop: AbortSignal | undefined;
}

/** GitHub answers 403 to a request without one. */
const USER_AGENT = { 'user-agent': 'refit' };

function flat(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const pairs = Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(', ') : value]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== undefined));
}

async function once(network: Network, url: URL, request: ExchangeRequest): Promise<Exchange> {
  const { method, headers, body, headersMs, stallMs, stop } = request;
  const dispatcher = await network.dispatcher(url);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(unreachable(shownUrl(url), url.origin, 'ETIMEDOUT')), headersMs);
  try {
    const response = await dispatcher.request({
      origin: url.origin,
      path: `${url.pathname}${url.search}`,
      method,
      headers: { ...USER_AGENT, ...headers },
      body: body ?? null,
      bodyTimeout: stallMs,
      headersTimeout: 0,
      signal: stop === undefined ? deadline.signal : AbortSignal.any([deadline.signal, stop]),
    });
    // Dropped half-way it emits an error; whoever reads it gets that from the iteration.
    response.body.on('error', () => undefined);
    return { url, status: response.statusCode, headers: flat(response.headers), body: response.body };
  } catch (cause) {
    stop?.throwIfAborted();
    throw httpError(shownUrl(url), url.origin, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** Sends, and follows redirects of a GET: to http and https only, never from https to http. */
export async function exchange(network: Network, target: string, request: ExchangeRequest): Promise<Exchange> {
  let url = httpUrl(target);
  let headers = request.headers;
  if (request.redirectsTo !== undefined) requireSecure(url);
  for (let followed = 0; ; followed += 1) {
    const response = await once(network, url, { ...request, headers });
    const isFollowed = request.method === 'GET' && request.maxRedirects > 0;
    const next = isFollowed ? redirectOf(url, response.status, response.headers['location']) : undefined;
    if (next === undefined) return response;
    response.body.destroy();
    if (followed === request.maxRedirects) {
      throw sourceInvalid(`Cannot follow ${target}: saw more than ${request.maxRedirects} redirects`, url);
    }
    if (request.redirectsTo !== undefined) requireFamily(url, next, request.redirectsTo);
    headers = headersFor(url, next, headers);
    url = next;
  }
}

/** The bytes of the body, taken in from now on; its errors are ours. */
export function bodyOf({ url, body }: Exchange, stop: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  return coded(arrivals(body), url, stop);
}

async function* coded(
  parts: AsyncIterable<Uint8Array>,
  url: URL,
  stop: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  try {
    yield* parts;
  } catch (cause) {
    stop?.throwIfAborted();
    throw httpError(shownUrl(url), url.origin, cause);
  }
}
