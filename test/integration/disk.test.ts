import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { recordsOf } from './support/journal.ts';
import { expectError, expectFailedRun, expectNew, expectOld, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';

/** Below the margin that the check asks for, and enough for all that an upgrade of the sample really takes. */
const SMALL = '14m';

/** A running sample on a file system of its own. Only root may mount one; CI is root. */
async function openSmallScene(): Promise<Scene> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-integration-disk-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${SMALL}`, 'refit-test', directory]);
  onTestFinished(() => {
    execFileSync('umount', ['--lazy', directory]);
    fs.rmdirSync(directory);
  });
  const scene = await openScene({ directory, versions: [OLD, NEW] });
  return { ...scene, [Symbol.asyncDispose]: () => scene.end() };
}

/** Takes what is free but so many bytes; returns how to give it back. */
function fill({ directory }: Scene, leave = 0): () => void {
  const { bavail, bsize } = fs.statfsSync(directory);
  const file = path.join(directory, 'filler');
  fs.writeFileSync(file, Buffer.alloc(Math.max(0, bavail * bsize - leave)));
  return () => fs.rmSync(file);
}

test('a disk that is nearly full: the check says how much is missing, and nothing is done', async () => {
  await using scene = await openSmallScene();
  const before = await look(scene);
  const saw = /low-space \(\d.* free at /;
  const refused = { exit: 4, code: 'E_CHECK_FAILED', saw, next: /free \d.*--waive low-space/ };
  expectError(await scene.upgrade(['--to', NEW]), refused);
  expect(fs.existsSync(scene.state)).toBe(false);
  const free = fill(scene, 90_000);
  const failed = await scene.upgrade(['--to', NEW, '--waive', 'low-space']);
  expectFailedRun(failed, { exit: 4, code: 'E_NO_SPACE', saw: 'ENOSPC', next: 'df -h' });
  await expectUntouched(scene, before);
  free();
  expect(await scene.upgrade(['--to', NEW, '--waive', 'low-space'])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

/** Upgrades, and fills the disk but for so many bytes once the service is down. */
async function upgradeAndFill(scene: Scene, leave: number): Promise<{ readonly outcome: Outcome; free(): void }> {
  holdAt(scene, 'step.end stop');
  const viewer = scene.upgrade(['--to', NEW, '--waive', 'low-space'], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  const free = fill(scene, leave);
  goOn(worker);
  return { outcome: await viewer, free };
}

test.each([100_000, 0])('%i bytes are left on the disk while the service is down: restored', async (leave) => {
  await using scene = await openSmallScene();
  const before = await look(scene);
  const { outcome, free } = await upgradeAndFill(scene, leave);
  free();
  expectFailedRun(outcome, { exit: 7, code: 'E_NO_SPACE', saw: /failed and restored to v0\.2\.9/, next: /./ });
  expect(recordsOf(scene).at(-1)).toBe('run.end restored');
  await expectOld(scene, before);
});

test('a state directory on a file system that is read-only', async () => {
  await using scene = await openSmallScene();
  const before = await look(scene);
  const state = path.join(scene.directory, 'state');
  fs.mkdirSync(state);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'ro', 'refit-test', state]);
  onTestFinished(() => void execFileSync('umount', [state]));
  const outcome = await scene.upgrade(['--to', NEW, '--waive', 'low-space', '--state-dir', path.join(state, 'refit')]);
  expectError(outcome, { exit: 4, code: 'E_READ_ONLY', saw: state, next: 'findmnt -T' });
  await expectUntouched(scene, before);
});
