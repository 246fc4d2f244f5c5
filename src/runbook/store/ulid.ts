import type { Clock } from '../../host/clock.ts';

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A run's name: a ULID (github.com/ulid/spec), so that names sort by time. */
export function newUlid(clock: Pick<Clock, 'now' | 'random'>): string {
  const time = BigInt(clock.now().getTime());
  const chance = BigInt(`0x${clock.random(10)}`);
  return base32((time << 80n) | chance, 26);
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
