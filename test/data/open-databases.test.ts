import { mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { DataItem } from '../../src/data/data.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { listing, realHost, scratch } from './workbench.ts';

const host = realHost();
const data = gnuData(host);

/** A database behind a link, inside a directory that is data as a whole; with rows in its log only. */
async function copied() {
  const dir = await scratch();
  await mkdir(`${dir}/disk`);
  await symlink('disk', `${dir}/data`);
  const database = new DatabaseSync(`${dir}/disk/app.db`);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0; CREATE TABLE t (a); INSERT INTO t VALUES (1)');
  const items: DataItem[] = [
    { path: `${dir}/data`, kind: 'directory' },
    { path: `${dir}/data/app.db`, kind: 'database' },
    { path: `${dir}/data/absent.db`, kind: 'database' },
  ];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  database.close();
  return { dir, items, generation, at: `${dir}/g/tree${dir}/disk/app.db` };
}

test('every database that is there opens; the copy stays as it is, and the scratch goes', async () => {
  const { dir, items, generation } = await copied();
  const before = listing(generation.root);
  expect(await data.openDatabases(items, generation, `${dir}/scratch`)).toBe(1);
  expect(listing(generation.root)).toEqual(before);
  expect(await host.files.list(dir)).toEqual(['data', 'disk', 'g']);
});

test('one that does not is told', async () => {
  const { dir, items, generation, at } = await copied();
  await writeFile(at, Buffer.alloc((await readFile(at)).length, 'x'));
  // Where the log has every page, nobody reads the base.
  await rm(`${at}-wal`);
  const opening = data.openDatabases(items, generation, `${dir}/scratch`);
  await expect(opening).rejects.toMatchObject({ code: 'E_SNAPSHOT_INVALID' });
});

test('the digest of every file, by its path in the folder', async () => {
  const { dir, generation, at } = await copied();
  await writeFile(`${dir}/disk/\n`, 'odd');
  await data.copy([{ path: `${dir}/data`, kind: 'directory' }], generation);
  const digests = await data.digests(generation);
  const { sha256 } = await host.files.digest(at);
  expect(digests.get(`tree${dir}/disk/app.db`)).toBe(sha256);
  expect([...digests.keys()]).toContain(`tree${dir}/disk/\\n`);
});
