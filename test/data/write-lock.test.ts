import fs from 'node:fs';
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

test('a writer is named also where the database is a link', async () => {
  const directory = await scratch();
  using writer = new DatabaseSync(`${directory}/real.db`);
  writer.exec('PRAGMA journal_mode=WAL; CREATE TABLE t (x); BEGIN IMMEDIATE');
  fs.symlinkSync('real.db', `${directory}/link.db`);
  expect(await writersOf(files, `${directory}/link.db`)).toEqual([process.pid]);
  writer.exec('ROLLBACK');
});

test.each([
  ['the same device', '08:21', [4711]],
  ['another device with such an inode', '08:22', []],
  ['one that has no device of its own', '00:19', []],
])('a lock on %s', async (_, device, pids) => {
  const line = `1: POSIX  ADVISORY  WRITE 4711 ${device}:99 0 EOF\n`;
  const stat = async (path: string) =>
    path.endsWith('-shm') ? undefined : { ...(await files.stat('/')), inode: 99n, device: 0x821n };
  const seen = { ...files, read: async () => Buffer.from(line), realPath: async (path: string) => path, stat };
  expect(await writersOf(seen as typeof files, '/disk/live.db')).toEqual(pids);
});

test('a kernel that shows no locks tells of nobody', async () => {
  const path = `${await scratch()}/live.db`;
  fs.writeFileSync(path, '');
  const read: typeof files.read = (_, options) => files.read('/proc/no-such-file', options);
  expect(await writersOf({ ...files, read }, path)).toEqual([]);
});
