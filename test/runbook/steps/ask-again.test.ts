import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { checkAgain } from '../../../src/runbook/checks/again.ts';
import { askAgain } from '../../../src/runbook/steps/ask-again.ts';
import type { World } from '../../../src/runbook/world.ts';
import { voyage } from '../voyage.ts';
import { type Bench, type BenchOptions, bench, planned } from '../workbench.ts';

async function scene(options: BenchOptions = {}): Promise<{ readonly one: Bench; readonly world: World }> {
  const one = await bench(options);
  const world = await (await voyage(one, (await planned(one)).plan)).world();
  return { one, world: { ...world, waivedBy: () => undefined } };
}

const codesOf = async (world: World, armed = false) =>
  (await checkAgain(world, armed)).filter(({ severity }) => severity === 'inhibit').map(({ code }) => code);

test('all as it was: nothing stands against it, and every question that can change was asked', async () => {
  const { world } = await scene();
  const results = await checkAgain(world, false);
  expect([...new Set(results.map(({ code }) => code))]).toEqual([
    'unit-broken',
    'unit-inactive',
    'unit-changed',
    'unit-triggered',
    'run-by-hand',
    'version-changed',
    'files',
    'low-space',
    'backup-running',
    'stack-migration-running',
    'database-locked',
    'agent-policy',
  ]);
  expect(await askAgain(world)).toEqual([]);
  expect(fs.existsSync(`${world.run.paths.scratch}/again`)).toBe(false);
});

test('a service that was stopped, a job that began and a binary that was replaced meanwhile', async () => {
  const { one, world } = await scene({ started: false });
  using database = new DatabaseSync(one.sample.database);
  database.exec("INSERT INTO backup_runs (job_name, status, started_at) VALUES ('nightly', 'running', '')");
  fs.writeFileSync(one.sample.binary, '#!/bin/sh\necho sample v0.2.8\n', { mode: 0o755 });
  expect(await codesOf(world)).toEqual(['unit-inactive', 'version-changed', 'backup-running']);
  await expect(askAgain(world)).rejects.toMatchObject({
    code: 'E_CHECK_FAILED',
    message: expect.stringMatching(
      /^Cannot stop sample: saw what was not so when this was planned: unit-inactive \(sample is inactive .*; expected active/,
    ),
    hint: expect.stringContaining('--waive unit-inactive --waive version-changed --waive backup-running'),
  });
});

test('what is waived passes, and is returned with what was seen', async () => {
  const { one, world } = await scene({ started: false });
  const copy = path.join(one.directory, 'other');
  fs.copyFileSync('/bin/sleep', copy);
  const child = spawn(copy, ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const by = { who: 'ada', why: 'known' };
  const waived = { ...world, waivedBy: (code: string) => (code === 'unit-inactive' ? by : undefined) };
  expect(await askAgain(waived)).toEqual([
    {
      code: 'unit-inactive',
      ...by,
      measured: expect.stringContaining('sample is inactive'),
      limit: expect.stringContaining('active'),
    },
  ]);
  const service = { ...world.service, inspect: async () => ({ ...(await unitOf(world)), execPath: copy }) };
  await expect(askAgain({ ...waived, service })).rejects.toThrow(`processes ${child.pid}`);
});

const unitOf = async ({ service, facts }: World) => {
  const unit = await service.inspect(facts.installation.unit);
  if (unit === undefined) throw new Error('there is a unit');
  return unit;
};

test('unit files that changed: somebody else, or this run, which was killed while it put its hold there', async () => {
  const { world } = await scene({ started: false });
  const service = { ...world.service, inspect: async () => ({ ...(await unitOf(world)), needDaemonReload: true }) };
  expect(await codesOf({ ...world, service })).toEqual(['unit-inactive', 'unit-changed']);
  expect(await codesOf({ ...world, service }, true)).toEqual(['unit-inactive']);
});

test('a unit that is gone', async () => {
  const { world } = await scene({ started: false });
  expect(await codesOf({ ...world, service: { ...world.service, inspect: async () => undefined } })).toEqual([
    'unit-broken',
  ]);
});

test('a disk that filled up: what is left to write is the way back', async () => {
  const { world } = await scene({ started: false });
  const space: World['space'] = async (sizes) => {
    expect(sizes).toMatchObject({ copies: 0, state: { bytes: 0 } });
    expect(sizes.binaries.every(({ oldBytes, newBytes }) => oldBytes > 0 && newBytes === 0)).toBe(true);
    return [{ device: '1', path: '/srv', needed: 1_000, free: 5_000, freeInodes: 9_999, readOnly: false }];
  };
  expect(await codesOf({ ...world, space })).toContain('low-space');
});
