import { expect, test } from 'vitest';
import { waivedCodes, waiverInShort, waiverText } from '../../../src/cli/report/waivers.ts';

const waiver = { code: 'low-space', who: 'ada', why: 'it grows tonight', measured: '3 MiB free', limit: '9 MiB' };

test.each([
  [waiver, 'low-space (3 MiB free; expected 9 MiB), by ada because it grows tonight'],
  [{ ...waiver, why: null }, 'low-space (3 MiB free; expected 9 MiB), by ada'],
  [{ ...waiver, why: null, measured: null, limit: null }, 'low-space, by ada'],
])('%j', (one, text) => {
  expect(waiverText(one)).toBe(text);
});

test('in short, and each code once', () => {
  expect(waiverInShort(waiver)).toBe('low-space, by ada because it grows tonight');
  expect(waivedCodes([waiver, { ...waiver, measured: 'x' }, { ...waiver, code: 'jobs' }])).toEqual([
    'low-space',
    'jobs',
  ]);
});
