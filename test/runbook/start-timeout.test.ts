import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import { compile } from '../../src/runbook/compile.ts';
import { recordedStarts, startTimeout, withMigration } from '../../src/runbook/start-timeout.ts';
import { runPaths, storePaths } from '../../src/runbook/store/paths.ts';
import { newUlid } from '../../src/runbook/store/ulid.ts';
import { realHost } from '../data/workbench.ts';
import { scratch } from '../host/scratch.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, done, textOf } from './records.ts';

const profileMs = 90_000;

test.each<[string, readonly number[], number | undefined, number, string]>([
  ['nothing known', [], undefined, 90_000, 'profile'],
  ['fast starts', [1_000, 2_000], undefined, 90_000, 'profile'],
  ['a slow start', [1_000, 45_000.4], undefined, 135_002, 'earlier starts'],
  ['asked for', [45_000], 10_000, 10_000, 'asked'],
])('%s', (_name, startsMs, askedMs, ms, because) => {
  expect(startTimeout({ profileMs, startsMs, askedMs })).toEqual({ ms, because });
});

test('a slow migration counts three times too, unless a time was asked for', () => {
  expect(withMigration({ ms: profileMs, because: 'profile' }, 1_000)).toBe(90_000);
  expect(withMigration({ ms: profileMs, because: 'profile' }, 60_000)).toBe(180_000);
  expect(withMigration({ ms: 10_000, because: 'asked' }, 60_000)).toBe(10_000);
});

test('the starts of this host are in its journals; one that was undone or rebooted over is none', async () => {
  const plan = compile('upgrade', await dockmeshFacts());
  const store = storePaths(scratch(), 'dockmesh');
  const { files } = realHost();
  expect(await recordedStarts(files, store)).toEqual([]);
  const write = (second: number, output: Json, undone = false): void => {
    const id = newUlid({ now: () => new Date(second * 1000), random: () => '00'.repeat(10) });
    const run = runPaths(store, id);
    fs.mkdirSync(run.directory, { recursive: true });
    const start = done(plan, 'start', output);
    const step = start.flatMap((record) => (record.type === 'step.end' ? [record.step] : []))[0] ?? -1;
    const end = undone ? [{ type: 'run.turn', reason: 'failure' } as const, { type: 'undo.end', step } as const] : [];
    fs.writeFileSync(run.journal, textOf([begin(plan, id), ...start, ...end]));
  };
  write(1, { startedAtMs: 1_000, answeredAtMs: 4_000 });
  write(2, { startedAtMs: 1_000, answeredAtMs: 60_000 }, true);
  write(3, { startedAtMs: null, answeredAtMs: 60_000 });
  write(4, { startedAtMs: 10, answeredAtMs: 2_010 });
  expect(await recordedStarts(files, store)).toEqual([2_000, 3_000]);
});

test('a journal that cannot be read teaches nothing', async () => {
  const store = storePaths(scratch(), 'dockmesh');
  const run = runPaths(store, newUlid({ now: () => new Date(0), random: () => '00'.repeat(10) }));
  fs.mkdirSync(run.directory, { recursive: true });
  fs.writeFileSync(run.journal, 'not a journal\nat all\n');
  expect(await recordedStarts(realHost().files, store)).toEqual([]);
});
