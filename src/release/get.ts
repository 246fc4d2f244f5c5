import { RefitError } from '../errors.ts';
import type { HttpResponse } from '../host/http.ts';
import { ATTEMPTS, isTransient, pauseMs, STALL_TIMEOUT_MS } from './backoff.ts';
import type { ReleaseHost } from './release.ts';

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  readonly redirectsTo?: readonly string[] | undefined;
  readonly stop?: AbortSignal | undefined;
}

const HEADERS_TIMEOUT_MS = 30_000;

/**
 * A small GET that is patient with what may pass: connection failures, 429, 5xx. Resolves with the last response of any
 * status; rejects with the last E_SOURCE_UNREACHABLE, or with E_TOO_LARGE.
 */
export async function get(
  { http, clock, attempts = ATTEMPTS }: Pick<ReleaseHost, 'http' | 'clock' | 'attempts'>,
  url: string,
  { headers = {}, maxBytes, maxRedirects, redirectsTo, stop }: GetOptions,
): Promise<HttpResponse> {
  for (let failures = 1; ; failures += 1) {
    let retryAfter: string | undefined;
    try {
      const response = await http.request(url, {
        headers,
        timeoutMs: HEADERS_TIMEOUT_MS,
        // Never a total one: a list with long notes takes a minute on a slow line.
        stallTimeoutMs: STALL_TIMEOUT_MS,
        maxBytes,
        maxRedirects,
        redirectsTo,
        ...(stop === undefined ? {} : { stop }),
      });
      if (failures >= attempts || !isTransient(response.status) || isSpent(response)) return response;
      retryAfter = response.headers['retry-after'];
    } catch (error) {
      stop?.throwIfAborted();
      const mayPass = error instanceof RefitError && error.code === 'E_SOURCE_UNREACHABLE';
      if (!mayPass || failures >= attempts) throw error;
    }
    await clock.sleep(pauseMs(clock, failures, retryAfter), stop);
  }
}

/** A quota that is used up comes back in up to an hour: waiting for it in silence would look like a hang. */
export function isSpent(response: HttpResponse): boolean {
  return response.headers['x-ratelimit-remaining'] === '0';
}
