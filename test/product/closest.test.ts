import { expect, test } from 'vitest';
import { closest } from '../../src/product/closest.ts';

const known = ['title', 'timeout', 'health', 'soak'];

test.each([
  ['titel', 'title'],
  ['time_out', 'timeout'],
  ['heatlh', 'health'],
  ['soaks', 'soak'],
  ['sook', 'soak'],
  ['zzzz', undefined],
  ['', undefined],
  ['t'.repeat(100_000), undefined],
])('%s was meant as %s', (word, meant) => {
  expect(closest(word, known)).toBe(meant);
});
