import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { isTransient, pauseMs, retryAfterMs } from '../../src/release/backoff.ts';

const now = new Date('2026-01-01T00:00:00Z');

describe('retryAfterMs', () => {
  test.each<[string | undefined, number | undefined]>([
    ['0', 0],
    ['120', 120_000],
    ['Thu, 01 Jan 2026 00:00:30 GMT', 30_000],
    ['Wed, 31 Dec 2025 23:59:00 GMT', 0],
    [undefined, undefined],
    ['', undefined],
    ['soon', undefined],
    ['-5', undefined],
    ['1.5', undefined],
  ])('%j is %j', (value, expected) => {
    expect(retryAfterMs(value, now)).toBe(expected);
  });
});

describe('pauseMs', () => {
  const clock = (random: string) => ({
    now: () => now,
    monotonic: () => 0,
    sleep: async () => undefined,
    random: () => random,
  });

  test.each([
    [1, 250, 500],
    [2, 500, 1000],
    [4, 2000, 4000],
    [20, 15_000, 30_000],
  ])('after failure %i lies between %i and %i', (failures, least, most) => {
    expect(pauseMs(clock('00000000'), failures, undefined)).toBe(least);
    expect(pauseMs(clock('ffffffff'), failures, undefined)).toBe(most);
  });

  test('is what the server asked for, up to a minute', () => {
    expect(pauseMs(clock('00000000'), 1, '3')).toBe(3000);
    expect(pauseMs(clock('00000000'), 1, '999999')).toBe(60_000);
  });

  test('is a number of milliseconds whatever the server asks', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 100 }), (value, failures) => {
        const pause = pauseMs(clock('80000000'), failures, value);
        expect(pause >= 0 && pause <= 60_000).toBe(true);
      }),
    );
  });
});

test.each([
  [200, false],
  [403, false],
  [404, false],
  [408, true],
  [425, true],
  [429, true],
  [500, true],
  [501, false],
  [503, true],
  [505, false],
])('status %i passes: %j', (status, expected) => {
  expect(isTransient(status)).toBe(expected);
});
