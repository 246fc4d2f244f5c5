import type { Clock } from '../host/clock.ts';

/** How often a request is made before the source counts as unreachable. With the pauses below: some 8 seconds. */
export const ATTEMPTS = 5;

/**
 * No byte for that long, and an attempt is over. Longer than a mobile network takes from one cell to the next, shorter than
 * anybody waits for a line that is dead. There is no limit for a whole transfer: at 50 KB/s 512 MiB take three hours.
 */
export const STALL_TIMEOUT_MS = 30_000;

const FIRST_MS = 500;
const LONGEST_MS = 30_000;
/** A server may ask for more; an operator in front of a terminal may not have it. */
const LONGEST_ASKED_MS = 60_000;

/** Statuses that may be gone in a moment. Source: RFC 9110 §15, RFC 6585 §4, RFC 8470 §5.2. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}

/**
 * How long to wait after the `failures`-th failure in a row: what the server asked for, else twice as long each time
 * with half of it left to chance, so that a fleet that failed together does not come back together.
 */
export function pauseMs(clock: Clock, failures: number, retryAfter: string | undefined): number {
  const asked = retryAfterMs(retryAfter, clock.now());
  if (asked !== undefined) return Math.min(asked, LONGEST_ASKED_MS);
  const longest = Math.min(FIRST_MS * 2 ** (failures - 1), LONGEST_MS);
  const chance = Number.parseInt(clock.random(4), 16) / 2 ** 32;
  return Math.round(longest / 2 + (longest / 2) * chance);
}

/** Retry-After: seconds or a date (RFC 9110 §10.2.3). A date in the past is 0; undefined where it is neither. */
export function retryAfterMs(value: string | undefined, now: Date): number | undefined {
  if (value === undefined) return undefined;
  if (/^\d{1,9}$/.test(value)) return Number(value) * 1000;
  const at = /[A-Za-z]/.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.getTime());
}
