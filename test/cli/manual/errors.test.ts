import { expect, test } from 'vitest';
import { errorsPage } from '../../../src/cli/manual/errors.ts';
import { CATALOG, EXIT } from '../../../src/errors.ts';

test('every code, with the exit it means and a meaning', () => {
  const rows = errorsPage(CATALOG).split('\n').slice(1, -1);
  expect(rows.map((row) => row.split(/ +/).slice(0, 2))).toEqual(
    Object.entries(CATALOG).map(([code, name]) => [code, `${EXIT[name]}`]),
  );
  for (const row of rows) expect(row).toMatch(/^E_[A-Z_]+ +\d+ {2}\S.{8,}$/);
});
