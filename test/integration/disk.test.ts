import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { recordsOf } from './support/journal.ts';
import {
  expectError,
  expectFailedRun,
  expectNew,
  expectOld,
  expectUntouched,
  leftovers,
  look,
} from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

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
  const free = fill(scene, 400_000);
  const failed = await scene.upgrade(['--to', NEW, '--waive', 'low-space']);
  expectFailedRun(failed, { exit: 4, code: 'E_NO_SPACE', saw: 'ENOSPC', next: 'df -h' });
  await expectUntouched(scene, before);
  free();
  expect(await scene.upgrade(['--to', NEW, '--waive', 'low-space'])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

test('a disk that gets full while the service is down: restored, and the way back is in the journal', async () => {
  await using scene = await openSmallScene();
  const before = await look(scene);
  holdAt(scene, 'step.end stop');
  const viewer = scene.upgrade(['--to', NEW, '--waive', 'low-space'], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  const free = fill(scene);
  goOn(worker);
  expectFailedRun(await viewer, { exit: 7, code: 'E_NO_SPACE', saw: /failed and restored to v0\.2\.9/, next: 'df -h' });
  expect(recordsOf(scene).at(-1)).toBe('run.end restored');
  expect(leftovers(scene)).toEqual([]);
  free();
  await expectOld(scene, before);
});
