import { RefitError } from '../errors.ts';
import { dialTcp, dialTls } from './dial.ts';
import type { Effects } from './effects.ts';
import { bodyOf, exchange } from './exchange.ts';
import type { Http, HttpRequest, HttpResponse } from './http.ts';
import { shownUrl, unreachable } from './http-error.ts';
import { Network, type NetworkOptions } from './network.ts';
import { httpUrl } from './redirect.ts';

const MAX_BYTES = 1024 * 1024;
const STREAM_REDIRECTS = 5;

async function small(network: Network, target: string, options: HttpRequest): Promise<HttpResponse> {
  const { method = 'GET', headers = {}, body, maxBytes = MAX_BYTES, maxRedirects = 0, redirectsTo, stop } = options;
  const { timeoutMs, stallTimeoutMs } = options;
  const url = httpUrl(target);
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(unreachable(shownUrl(url), url.origin, 'ETIMEDOUT')), timeoutMs);
  const signal = stop === undefined ? deadline.signal : AbortSignal.any([deadline.signal, stop]);
  try {
    const times = { headersMs: timeoutMs, stallMs: stallTimeoutMs ?? timeoutMs };
    const response = await exchange(network, target, {
      method,
      headers,
      body,
      maxRedirects,
      redirectsTo,
      stop: signal,
      ...times,
    });
    if (stallTimeoutMs !== undefined) clearTimeout(timer);
    const parts: Uint8Array[] = [];
    let size = 0;
    for await (const part of bodyOf(response, signal)) {
      size += part.length;
      if (size > maxBytes) throw tooLarge(response.url, maxBytes);
      parts.push(part);
    }
    return { status: response.status, headers: response.headers, body: Buffer.concat(parts).toString() };
  } finally {
    clearTimeout(timer);
  }
}

function tooLarge(url: URL, maxBytes: number): RefitError {
  const shown = shownUrl(url);
  return new RefitError('E_TOO_LARGE', `Cannot read ${shown}: saw more than the ${maxBytes} bytes expected at most`, {
    facts: { url: shown, maxBytes },
  });
}

export function nodeHttp(effects: Effects, options: NetworkOptions): Http {
  const network = new Network(options);
  return {
    request(target, request) {
      const { method = 'GET' } = request;
      if (method === 'GET') return small(network, target, request);
      // Not async above this line: a URL that is none must still reject, not throw.
      return Promise.resolve().then(() =>
        effects.run({ kind: 'request', label: `${method} ${shownUrl(httpUrl(target))}` }, () =>
          small(network, target, request),
        ),
      );
    },
    async stream(target, request) {
      const {
        headers = {},
        connectTimeoutMs,
        stallTimeoutMs,
        stop,
        maxRedirects = STREAM_REDIRECTS,
        redirectsTo,
      } = request;
      const response = await exchange(network, target, {
        method: 'GET',
        headers,
        headersMs: connectTimeoutMs,
        stallMs: stallTimeoutMs,
        maxRedirects,
        redirectsTo,
        stop,
      });
      return {
        status: response.status,
        headers: response.headers,
        body: bodyOf(response, stop),
        close: async () => void response.body.destroy(),
      };
    },
    dialTls,
    dialTcp,
  };
}
