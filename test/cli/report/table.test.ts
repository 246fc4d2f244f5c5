import { expect, test } from 'vitest';
import { table } from '../../../src/cli/report/table.ts';

test('columns as wide as their widest cell, nothing behind the last', () => {
  expect(
    table(
      ['A', 'LONG'],
      [
        ['12345', 'x'],
        ['1', 'a\x1bb'],
      ],
    ),
  ).toBe('A      LONG\n12345  x\n1      a?b\n');
});
