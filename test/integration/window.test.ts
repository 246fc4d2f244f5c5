import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { commandLine, processesNaming, signal, until } from './support/processes.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, NEW];

interface Measured {
  readonly windowMs: number;
  readonly window: { readonly readyMs: number; readonly aliveMs: number | null; readonly by: string };
}

const probersOf = ({ directory }: Scene): readonly number[] =>
  processesNaming(directory).filter((pid) => commandLine(pid).includes('prober'));

async function history(scene: Scene): Promise<Measured | undefined> {
  const { stdout } = await scene.refit(['history', '-o', 'json']);
  return (JSON.parse(stdout) as { readonly runs: readonly Measured[] }).runs[0];
}

test('both figures stand in the result, in the history and in state.json; nobody goes on asking', async () => {
  await using scene = await openScene({ versions: VERSIONS, breaks: { [NEW]: 'late-ready' } });
  const { exit, stdout } = await scene.upgrade(['--to', NEW, '-o', 'json']);
  const { window, windowMs } = JSON.parse(stdout) as Measured;
  expect({ exit, window }).toEqual({
    exit: 0,
    window: {
      readyMs: windowMs,
      aliveMs: expect.any(Number),
      resolutionMs: expect.any(Number),
      by: 'prober',
    },
  });
  // It was there long before it was ready.
  expect(window.aliveMs).toBeLessThan(window.readyMs);
  expect(probersOf(scene)).toEqual([]);
  expect(await history(scene)).toMatchObject({ window, windowMs });
  expect((await scene.refit(['history'])).stdout).toMatch(/ committed +[\d.]+ s\/[\d.]+ m?s ±[\d.]+ m?s /);
  const state = JSON.parse(fs.readFileSync(path.join(scene.state, 'state.json'), 'utf8')) as { last: Measured };
  expect(state.last).toMatchObject({ window, windowMs });
});

test.each(['boot', 'version'] as const)(
  'a release that fails by %s: measured until the old one is back',
  async (mode) => {
    await using scene = await openScene({ versions: VERSIONS, breaks: { [NEW]: mode } });
    const { exit, stdout } = await scene.upgrade(['--to', NEW, '--no-rehearse']);
    expect({ exit, stdout }).toEqual({
      exit: 7,
      stdout: expect.stringMatching(/; it was away for [\d.]+ m?s \(ready, ±[\d.]+ m?s; alive [\d.]+ m?s\)$/m),
    });
    expect(await history(scene)).toMatchObject({ window: { by: 'prober' } });
    expect(probersOf(scene)).toEqual([]);
  },
);

test('a rollback run is measured too', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  const { exit, stdout } = await scene.refit(['rollback', '--yes', '-o', 'json']);
  expect({ exit, result: JSON.parse(stdout) }).toMatchObject({
    exit: 0,
    result: { purpose: 'rollback', window: { aliveMs: expect.any(Number), by: 'prober' } },
  });
});

test('the prober killed: the upgrade goes on, and the worker measured it', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  holdAt(scene, 'step.begin stop');
  const viewer = scene.upgrade(['--to', NEW], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  const probers = probersOf(scene);
  expect(probers).toHaveLength(1);
  for (const pid of probers) signal(pid, 'SIGKILL');
  goOn(worker);
  const { exit, stdout } = await viewer;
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringMatching(/; it was away for [\d.]+ m?s \(ready, ±10 ms\)$/m),
  });
  expect(await history(scene)).toMatchObject({ window: { aliveMs: null, resolutionMs: 10, by: 'worker' } });
});

test('the worker killed in the window: its prober dies with it, and the next worker measures', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  holdAt(scene, 'step.end stop');
  const viewer = scene.upgrade(['--to', NEW], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  expect(probersOf(scene)).toHaveLength(1);
  signal(worker, 'SIGKILL');
  expect(await viewer).toMatchObject({ exit: 9 });
  await until('the prober has ended', () => probersOf(scene).length === 0);
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  expect(await history(scene)).toMatchObject({ window: { aliveMs: null, by: 'worker' } });
});
