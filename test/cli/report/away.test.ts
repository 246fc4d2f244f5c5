import { expect, test } from 'vitest';
import { away, awayInShort } from '../../../src/cli/report/away.ts';
import type { Window } from '../../../src/runbook/store/window.ts';

test.each<[Window, string, string]>([
  [
    { readyMs: 2_500, aliveMs: 402, resolutionMs: 98, by: 'prober' },
    '2.5 s (ready, ±98 ms; alive 402 ms)',
    '2.5 s/402 ms ±98 ms',
  ],
  [{ readyMs: 105, aliveMs: null, resolutionMs: 10, by: 'worker' }, '105 ms (ready, ±10 ms)', '105 ms ±10 ms'],
  [{ readyMs: 61_000, aliveMs: null, resolutionMs: null, by: 'journal' }, '1 min 1 s', '1 min 1 s'],
])('%j', (window, whole, short) => {
  expect(away(window)).toBe(whole);
  expect(awayInShort(window)).toBe(short);
});
