import { expect, test } from 'vitest';
import { decimalOf, isLater } from '../../src/data/time.ts';

test.each([
  [0n, '0.000000000'],
  [1_000_000_001n, '1.000000001'],
  [1_795_966_278_212_867_594n, '1795966278.212867594'],
])('%s ns is %s s', (nanoseconds, text) => {
  expect(decimalOf(nanoseconds)).toBe(text);
});

test.each([
  ['2.000000000', '1.999999999', true],
  ['1.000000002', '1.000000001', true],
  ['1.000000001', '1.000000001', false],
  ['10.000000000', '9.999999999', true],
  ['9.999999999', '10.000000000', false],
  ['-1.000000000', '0.000000000', false],
  ['0.000000000', '-1.000000000', true],
])('%s is later than %s: %s', (time, than, later) => {
  expect(isLater(time, than)).toBe(later);
});
