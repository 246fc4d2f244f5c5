import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { runPaths, type StorePaths, storePaths } from '../../../src/runbook/store/paths.ts';
import { readState, writeState } from '../../../src/runbook/store/state.ts';
import { newUlid } from '../../../src/runbook/store/ulid.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, done, textOf } from '../records.ts';

const host = realHost();
const name = (second: number) => newUlid({ now: () => new Date(second * 1000), random: () => '00'.repeat(10) });
const COMMITTED: readonly JournalRecord[] = [
  { type: 'hop.commit', hop: 0 },
  { type: 'run.end', outcome: 'committed' },
];

interface Scene {
  readonly store: StorePaths;
  readonly generations: string;
  run(second: number, records: readonly JournalRecord[] | undefined): void;
}

async function scene(): Promise<Scene> {
  const directory = scratch();
  const generations = `${directory}/generations`;
  const plan = compile('upgrade', await dockmeshFacts({ generations }));
  const store = storePaths(directory, 'dockmesh');
  return {
    store,
    generations,
    run(second, records) {
      const run = runPaths(store, name(second));
      fs.mkdirSync(run.directory, { recursive: true });
      if (records !== undefined) fs.writeFileSync(run.journal, textOf([begin(plan, name(second)), ...records]));
    },
  };
}

test('nothing was ever done', async () => {
  const { store } = await scene();
  expect(await readState({ host }, store, 'dockmesh')).toEqual({
    format: 1,
    installation: 'dockmesh',
    product: '',
    version: undefined,
    last: undefined,
    open: undefined,
    skipped: [],
    rollback: undefined,
  });
});

test('after an upgrade: what is installed, and where a rollback finds its generation', async () => {
  const { store, generations, run } = await scene();
  run(1, COMMITTED);
  fs.mkdirSync(`${generations}/${name(1)}`, { recursive: true });
  fs.writeFileSync(`${generations}/${name(1)}/run`, `${name(1)}\n`);
  await writeState({ host }, store, 'dockmesh');
  expect(JSON.parse(fs.readFileSync(store.state, 'utf8'))).toEqual({
    format: 1,
    installation: 'dockmesh',
    product: 'dockmesh',
    version: 'v0.2.13',
    last: {
      run: name(1),
      purpose: 'upgrade',
      from: 'v0.2.9',
      to: 'v0.2.13',
      by: 'test',
      standing: 'committed',
      exit: 0,
      waivers: [],
    },
    skipped: [],
    rollback: { version: 'v0.2.9', directory: `${generations}/${name(1)}` },
  });
  expect(fs.statSync(store.state).mode & 0o777).toBe(0o644);
});

test('a generation that is gone, or was half removed, is no way back', async () => {
  const { store, generations, run } = await scene();
  run(1, COMMITTED);
  fs.mkdirSync(`${generations}/${name(1)}`, { recursive: true });
  expect((await readState({ host }, store, 'dockmesh')).rollback).toBeUndefined();
});

test('an open run shows with what failed, and the version is still that of the last commit', async () => {
  const { store, run } = await scene();
  const plan = compile('upgrade', await dockmeshFacts());
  run(1, COMMITTED);
  run(2, [...done(plan, 'stop'), { type: 'step.fail', step: 3, failure: { code: 'E_IO', message: 'Cannot read' } }]);
  run(3, undefined);
  const state = await readState({ host }, store, 'dockmesh');
  expect(state).toMatchObject({
    version: 'v0.2.13',
    open: { run: name(2), standing: 'interrupted', exit: 9, error: { code: 'E_IO', message: 'Cannot read' } },
  });
  expect(state.last).toEqual(state.open);
});
