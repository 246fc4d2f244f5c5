import { expect, test } from 'vitest';
import { estimateText } from '../../../src/cli/report/estimate.ts';

test.each([
  [
    { seconds: 45, windowMs: 200, because: 'as in the last run' },
    'about 45 s, of it 200 ms without service (as in the last run)',
  ],
  [
    { seconds: 170, windowMs: 2_500, because: 'as in the last 3 runs' },
    'about 3 min, of it 2.5 s without service (as in the last 3 runs)',
  ],
  [{ seconds: 7_300, windowMs: null, because: 'guessed' }, 'about 2 h 2 min (guessed)'],
])('%j', (one, text) => {
  expect(estimateText(one)).toBe(text);
});
