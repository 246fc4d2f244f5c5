import { RefitError } from '../errors.ts';
import type { HttpResponse } from '../host/http.ts';
import { ATTEMPTS, isTransient, pauseMs } from './backoff.ts';
import type { ReleaseHost } from './release.ts';

export interface GetOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly maxBytes: number;
  readonly maxRedirects: number;
  readonly redirectsTo?: readonly string[] | undefined;
  readonly stop?: AbortSignal | undefined;
}

const TIMEOUT_MS = 30_000;

/**
 * A small GET that is patient with what may pass: connection failures, 429, 5xx. Resolves with the last response of any
 * status; rejects with the last E_SOURCE_UNREACHABLE, or with E_TOO_LARGE.
 */
export async function get(
  { http, clock }: Pick<ReleaseHost, 'http' | 'clock'>,
  url: string,
  { headers = {}, maxBytes, maxRedirects, redirectsTo, stop }: GetOptions,
): Promise<HttpResponse> {
  for (let failures = 1; ; failures += 1) {
    let retryAfter: string | undefined;
    try {
      const response = await http.request(url, {
        headers,
        timeoutMs: TIMEOUT_MS,
        maxBytes,
        maxRedirects,
        redirectsTo,
        ...(stop === undefined ? {} : { stop }),
      });
      if (failures >= ATTEMPTS || !isTransient(response.status) || isSpent(response)) return response;
      retryAfter = response.headers['retry-after'];
    } catch (error) {
      stop?.throwIfAborted();
      const mayPass = error instanceof RefitError && error.code === 'E_SOURCE_UNREACHABLE';
      if (!mayPass || failures >= ATTEMPTS) throw error;
    }
    await clock.sleep(pauseMs(clock, failures, retryAfter), stop);
  }
}

/** A quota that is used up comes back in up to an hour: waiting for it in silence would look like a hang. */
export function isSpent(response: HttpResponse): boolean {
  return response.headers['x-ratelimit-remaining'] === '0';
}
