const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 } as const;
const DAY = 24 * UNITS.h;

/** What a duration looks like: `300ms`, `90s`, `5m`, `1h`. */
export const DURATION = /^\d{1,9}(?:ms|s|m|h)$/;
export const MAX_DURATION_MS = DAY;

/** Milliseconds of a text that DURATION matches. */
export function durationMs(written: string): number {
  return Number.parseInt(written, 10) * UNITS[written.replace(/^\d+/, '') as keyof typeof UNITS];
}
