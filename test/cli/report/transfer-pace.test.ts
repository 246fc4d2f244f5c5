import { expect, test } from 'vitest';
import { paceText } from '../../../src/cli/report/transfer-pace.ts';

test.each([
  [{}, ''],
  [{ bytesPerSecond: 51_200 }, ' at 50.0 KiB/s'],
  [{ bytesPerSecond: 51_200, remainingMs: 600_000 }, ' at 50.0 KiB/s, about 10 min to go'],
])('%j', (pace, text) => {
  expect(paceText({ what: 'a', done: 1, total: 2, ...pace })).toBe(text);
});
