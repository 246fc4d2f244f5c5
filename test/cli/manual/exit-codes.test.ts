import { expect, test } from 'vitest';
import { exitCodesPage } from '../../../src/cli/manual/exit-codes.ts';
import { EXIT } from '../../../src/errors.ts';

test('every exit, with what it says of the machine', () => {
  const rows = exitCodesPage().split('\n').slice(1, -1);
  expect(rows.map((row) => Number(row.slice(0, 4)))).toEqual(Object.values(EXIT));
  for (const row of rows) expect(row).toMatch(/^ *\d+ {2}[a-z]+ +\S.{8,}$/);
});
