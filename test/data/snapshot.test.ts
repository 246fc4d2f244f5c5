import { writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { schemaRows, snapshotDatabase } from '../../src/data/snapshot.ts';
import { realHost, scratch } from './workbench.ts';

const { sqlite } = realHost();
const MIGRATIONS = { table: 'schema_migrations', column: 'version' };

test('the migrations of a live database are read from its snapshot, its log included', async () => {
  const dir = await scratch();
  using live = new DatabaseSync(`${dir}/live.db`);
  live.exec('PRAGMA journal_mode=WAL; CREATE TABLE schema_migrations (version TEXT)');
  live.exec("INSERT INTO schema_migrations VALUES ('002_b.sql'), ('001_a.sql')");
  await snapshotDatabase(sqlite, `${dir}/live.db`, `${dir}/copy.db`);
  expect(await schemaRows(sqlite, `${dir}/copy.db`, MIGRATIONS)).toEqual(['001_a.sql', '002_b.sql']);
});

test('a database without that table has no migrations', async () => {
  const dir = await scratch();
  using live = new DatabaseSync(`${dir}/live.db`);
  live.exec('CREATE TABLE other (x)');
  expect(await schemaRows(sqlite, `${dir}/live.db`, MIGRATIONS)).toEqual([]);
});

test('what is no database is refused', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/live.db`, 'not a database, but longer than the header of one is: '.repeat(40));
  const copying = snapshotDatabase(sqlite, `${dir}/live.db`, `${dir}/copy.db`);
  await expect(copying).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
});

test('damage that quick_check finds is refused', async () => {
  const findings = { ...sqlite, snapshot: async () => undefined, quickCheck: async () => ['row 1 missing'] };
  const copying = snapshotDatabase(findings, '/db', '/copy');
  await expect(copying).rejects.toMatchObject({
    code: 'E_SNAPSHOT_INVALID',
    message: expect.stringContaining('row 1'),
  });
});

test.each(['x"; DROP TABLE users; --', '', 'a b', '1x'])('the name %j is no identifier', async (table) => {
  const reading = schemaRows(sqlite, '/nowhere', { table, column: 'version' });
  await expect(reading).rejects.toMatchObject({ code: 'E_PROFILE_INVALID' });
});
