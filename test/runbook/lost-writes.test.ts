import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { DataItem } from '../../src/data/data.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { type LostWrites, lostWrites } from '../../src/runbook/lost-writes.ts';
import { realHost } from '../data/workbench.ts';
import { scratch } from '../host/scratch.ts';

const AUDIT = 'SELECT at, who, what FROM log ORDER BY at';

interface Scene {
  readonly directory: string;
  readonly generation: { readonly id: string; readonly root: string };
  sql(statement: string): void;
  lost(audit?: string): Promise<LostWrites>;
}

/** Data that was copied, and is written to since. */
async function scene(): Promise<Scene> {
  const directory = scratch();
  const database = path.join(directory, 'app.db');
  const db = new DatabaseSync(database);
  db.exec(`PRAGMA journal_mode=WAL; CREATE TABLE log (at, who, what); CREATE TABLE "odd ""name" (x);
    INSERT INTO log VALUES ('1', 'ada', 'began')`);
  fs.mkdirSync(path.join(directory, 'keys'));
  fs.writeFileSync(path.join(directory, 'keys/a'), 'a');
  const items: readonly DataItem[] = [
    { path: database, kind: 'database' },
    { path: path.join(directory, 'keys'), kind: 'directory' },
  ];
  const host = realHost();
  const data = gnuData(host);
  const generation = { id: 'g', root: path.join(directory, 'g') };
  await data.copy(items, generation);
  return {
    directory,
    generation,
    sql: (statement) => db.exec(statement),
    lost: (audit) => lostWrites({ host }, data, items, generation, [{ path: database, schema: undefined, audit }]),
  };
}

test('nothing was written', async () => {
  const { lost } = await scene();
  expect(await lost(AUDIT)).toEqual({ files: [], tables: [], audit: [], audits: 0 });
});

test('files, rows, and who did what: what came after the copy, also what is still in the log of the database', async () => {
  const { directory, sql, lost } = await scene();
  fs.writeFileSync(path.join(directory, 'keys/b'), 'b');
  fs.rmSync(path.join(directory, 'keys/a'));
  sql(`INSERT INTO "odd ""name" VALUES (1), (2); CREATE TABLE later (x);
    INSERT INTO log VALUES ('2', 'bob', 'removed the host x'), ('3', NULL, 'woke')`);
  expect(await lost(AUDIT)).toEqual({
    files: [path.join(directory, 'keys/a'), path.join(directory, 'keys/b')],
    tables: [
      { name: 'log', before: 1, now: 3 },
      { name: 'odd "name', before: 0, now: 2 },
    ],
    audit: [
      { at: '2', who: 'bob', what: 'removed the host x' },
      { at: '3', who: '', what: 'woke' },
    ],
    audits: 2,
  });
});

test('of a long log the newest', async () => {
  const { sql, lost } = await scene();
  for (let i = 10; i < 40; i++) sql(`INSERT INTO log VALUES ('${i}', 'ada', 'did ${i}')`);
  const { audit, audits } = await lost(AUDIT);
  expect([audits, audit?.length, audit?.at(0)?.what, audit?.at(-1)?.what]).toEqual([30, 10, 'did 30', 'did 39']);
});

test('without a log of its own, with one that this version lacks, and without the copy of the database', async () => {
  const { sql, lost, generation } = await scene();
  sql("INSERT INTO log VALUES ('2', '', '')");
  expect(await lost()).toMatchObject({ tables: [{ name: 'log' }], audit: undefined, audits: 0 });
  expect(await lost('SELECT at, who, what FROM not_there')).toMatchObject({ tables: [{ name: 'log' }], audit: [] });
  fs.rmSync(generation.root, { recursive: true });
  await expect(lost()).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
});

test('the copy is only looked at: it is as it was', async () => {
  const { lost, generation } = await scene();
  const look = () => fs.readdirSync(generation.root, { recursive: true, encoding: 'utf8' }).sort();
  const before = look();
  await lost(AUDIT);
  expect(look()).toEqual(before);
});
