import { expect, test } from 'vitest';
import { parseTimeSpan } from '../../src/service/time-span.ts';

test.each([
  ['1min 30s', 90_000],
  ['500ms', 500],
  ['1.500s', 1500],
  ['5s 250us', 5000.25],
  ['1h', 3_600_000],
  ['1d 2h', 93_600_000],
  ['0', 0],
  ['infinity', undefined],
  ['', undefined],
  ['90', undefined],
  ['1 parsec', undefined],
])('%s', (text, ms) => {
  expect(parseTimeSpan(text)).toBe(ms);
});
