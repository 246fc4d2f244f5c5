import type { Clock } from '../../host/clock.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const ULID_LENGTH = 26;

/**
 * A run's name: a ULID (github.com/ulid/spec). Names sort in the order of their runs, also where the clock was set back since
 * `newest`: whoever looks for the run that is open looks at the last name.
 */
export function newUlid(clock: Pick<Clock, 'now' | 'random'>, newest?: string): string {
  const time = BigInt(Math.max(clock.now().getTime(), newest === undefined ? 0 : ulidTime(newest) + 1));
  const chance = BigInt(`0x${clock.random(10)}`);
  return base32((time << 80n) | chance, ULID_LENGTH);
}

export function isUlid(text: string): boolean {
  return /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/.test(text);
}

function base32(value: bigint, length: number): string {
  return Array.from({ length }, (_, i) => CROCKFORD[Number((value >> BigInt(5 * (length - 1 - i))) & 31n)]).join('');
}

/** When a run began, from its ULID: 48 bits of milliseconds in Crockford's base 32. */
export function ulidTime(ulid: string): number {
  return [...ulid.slice(0, 10)].reduce((time, digit) => time * 32 + CROCKFORD.indexOf(digit), 0);
}
