import { expect, test } from 'vitest';
import { DURATION, durationMs } from '../../src/product/duration.ts';

test.each([
  ['300ms', 300],
  ['90s', 90_000],
  ['5m', 300_000],
  ['1h', 3_600_000],
])('%s', (written, ms) => {
  expect(DURATION.test(written)).toBe(true);
  expect(durationMs(written)).toBe(ms);
});

test.each(['', '90', 's', '1.5s', '-1s', '1 s', '1d', '9999999999s'])('"%s" is none', (written) => {
  expect(DURATION.test(written)).toBe(false);
});
