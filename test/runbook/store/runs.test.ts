import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { runPaths, type StorePaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { lastCommitted, lastRun, listRuns, openRun, readRun } from '../../../src/runbook/store/runs.ts';
import { newUlid } from '../../../src/runbook/store/ulid.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, done, textOf } from '../records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const { files } = realHost();
const name = (second: number) => newUlid({ now: () => new Date(second * 1000), random: () => '00'.repeat(10) });
const COMMITTED: readonly JournalRecord[] = [
  { type: 'hop.commit', hop: 0 },
  { type: 'run.end', outcome: 'committed' },
];
const RESTORED: readonly JournalRecord[] = [
  { type: 'run.turn', reason: 'failure' },
  { type: 'run.end', outcome: 'restored' },
];

/** Runs by the second they began in; undefined: a folder without a record. */
function storeOf(runs: Readonly<Record<number, readonly JournalRecord[] | undefined>>): StorePaths {
  const store = storePaths(scratch(), 'dockmesh');
  for (const [second, records] of Object.entries(runs)) {
    const run = runPaths(store, name(Number(second)));
    fs.mkdirSync(run.directory, { recursive: true });
    if (records !== undefined) fs.writeFileSync(run.journal, textOf([begin(plan, name(Number(second))), ...records]));
  }
  return store;
}

test('where nothing was ever done there are no runs', async () => {
  const store = storePaths(scratch(), 'dockmesh');
  expect([await listRuns(files, store), await openRun(files, store), await lastCommitted(files, store)]).toEqual([
    [],
    undefined,
    undefined,
  ]);
});

test('runs are listed newest first, and what is no run is not', async () => {
  const store = storeOf({ 1: [], 3: [], 2: [] });
  fs.mkdirSync(`${store.runs}/lost+found`);
  expect(await listRuns(files, store)).toEqual([name(3), name(2), name(1)]);
});

test('a run is open until it has its end', async () => {
  expect((await openRun(files, storeOf({ 1: COMMITTED, 2: [] })))?.id).toBe(name(2));
  expect((await openRun(files, storeOf({ 1: COMMITTED, 2: [{ type: 'run.pause', reason: 'signal' }] })))?.id).toBe(
    name(2),
  );
  expect(await openRun(files, storeOf({ 1: [], 2: RESTORED }))).toBeUndefined();
});

test('requests that were refused left folders, and hide neither the open run nor the last', async () => {
  const store = storeOf({ 1: COMMITTED, 2: [], 3: undefined, 4: undefined });
  expect((await openRun(files, store))?.id).toBe(name(2));
  expect((await lastRun(files, store))?.id).toBe(name(2));
});

test('an empty journal, of a worker killed before its first record, is no run', async () => {
  const store = storeOf({ 1: COMMITTED, 2: undefined });
  fs.writeFileSync(runPaths(store, name(2)).journal, '');
  expect(await readRun(files, store, name(2))).toBeUndefined();
  expect((await lastRun(files, store))?.id).toBe(name(1));
});

test('the last committed run is found below failed ones', async () => {
  expect((await lastCommitted(files, storeOf({ 1: COMMITTED, 2: COMMITTED, 3: RESTORED, 4: [] })))?.id).toBe(name(2));
  expect(await lastCommitted(files, storeOf({ 1: RESTORED }))).toBeUndefined();
});

test('a run is read with its window and survives a torn last line', async () => {
  const windowMs = 84;
  const started = { startedAtMs: 1, boot: 'b', answeredAtMs: 2, windowMs, cursor: '' };
  const store = storeOf({ 1: [...done(plan, 'stop'), ...done(plan, 'start', started)] });
  fs.appendFileSync(runPaths(store, name(1)).journal, '{"format":1,"n"');
  const window = { readyMs: windowMs, by: 'worker' };
  expect(await readRun(files, store, name(1))).toMatchObject({ id: name(1), window, state: { by: 'test' } });
});

test('a damaged journal is refused, naming the file and the line', async () => {
  const store = storeOf({ 1: [], 2: COMMITTED });
  const { journal } = runPaths(store, name(2));
  fs.writeFileSync(journal, fs.readFileSync(journal, 'utf8').replace('"hop":0', '"hop":1'));
  await expect(openRun(files, store)).rejects.toMatchObject({
    code: 'E_JOURNAL_CORRUPT',
    message: expect.stringContaining(`${journal}: line 2 `),
  });
});
