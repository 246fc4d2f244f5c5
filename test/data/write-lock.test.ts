import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { writersOf } from '../../src/data/write-lock.ts';
import { realHost, scratch } from './workbench.ts';

const { files } = realHost();

test.each(['WAL', 'DELETE'])('who writes is named as long as it does, in %s mode', async (mode) => {
  const path = `${await scratch()}/live.db`;
  using writer = new DatabaseSync(path);
  writer.exec(`PRAGMA journal_mode=${mode}; CREATE TABLE t (x)`);
  using reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN');
  reader.prepare('SELECT * FROM t').all();
  expect(await writersOf(files, path)).toEqual([]);
  writer.exec('BEGIN IMMEDIATE');
  expect(await writersOf(files, path)).toEqual([process.pid]);
  writer.exec('ROLLBACK');
  expect(await writersOf(files, path)).toEqual([]);
});

test('a database that is not there is locked by nobody', async () => {
  expect(await writersOf(files, `${await scratch()}/none.db`)).toEqual([]);
});
