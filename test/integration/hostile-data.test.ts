import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { notesOf } from './support/journal.ts';
import { dataOf, exactly, withOddities } from './support/oddities.ts';
import { expectError, expectFailedRun, expectNew, expectOld, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

test.each(['none', 'boot'] as const)(
  'what a data directory can hold, a release that is broken by "%s"',
  async (mode) => {
    await using scene = await openScene({ versions: [OLD, NEW], breaks: { [NEW]: mode } });
    await withOddities(scene);
    const before = await look(scene);
    const odd = exactly(dataOf(scene));
    const { exit } = await scene.upgrade(['--to', NEW]);
    expect(exit).toBe(mode === 'none' ? 0 : 7);
    if (mode === 'none') {
      await expectNew(scene, before);
      expect(exactly(dataOf(scene))).toBe(odd);
      expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
    }
    await expectOld(scene, before);
    expect(exactly(dataOf(scene))).toBe(odd);
  },
);

/** Takes the write lock of the live database, as a forgotten shell of sqlite3 has it. */
function lock({ installed }: Scene): () => void {
  const stranger = new DatabaseSync(installed.database);
  stranger.exec('BEGIN IMMEDIATE');
  return () => {
    stranger.exec('ROLLBACK');
    stranger.close();
  };
}

test('a database that a stranger has locked: refused with its number, and nothing is done', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const before = await look(scene);
  const unlock = lock(scene);
  expectError(await scene.upgrade(['--to', NEW]), {
    exit: 4,
    code: 'E_CHECK_FAILED',
    saw: new RegExp(`process ${process.pid}[^ ]* (of \\S+ )?holds the write lock of ${scene.installed.database}`),
    next: /--waive database-locked/,
  });
  expect(fs.existsSync(scene.state)).toBe(false);
  unlock();
  await expectUntouched(scene, before);
});

test('a stranger who locks the database after the checks is met before the window', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const before = await look(scene);
  holdAt(scene, 'step.end hot-copy');
  const viewer = scene.upgrade(['--to', NEW], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  const unlock = lock(scene);
  goOn(worker);
  const outcome = await viewer;
  unlock();
  expectFailedRun(outcome, {
    exit: 4,
    code: 'E_DATABASE_LOCKED',
    saw: `process ${process.pid}`,
    next: /then type the/,
  });
  await expectUntouched(scene, before);
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
});

test('a log of the database that somebody keeps from shrinking is told of, and copied', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  using reader = new DatabaseSync(scene.installed.database, { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM schema_migrations');
  using writer = new DatabaseSync(scene.installed.database);
  writer.exec('CREATE TABLE bulk (x); INSERT INTO bulk VALUES (randomblob(9000000))');
  const before = await look(scene);
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  expect(notesOf(scene)).toMatch(/the log of the database has (8|9)\.\d MiB; it cannot shrink/);
  await expectNew(scene, before);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectOld(scene, before);
});

/** Mounts a disk where the data is, and moves the data there; returns how to take the disk away and give it back. */
function onDisk(scene: Scene): { readonly away: () => void; readonly back: () => void } {
  const directory = dataOf(scene);
  const [aside, elsewhere] = [`${scene.directory}/aside`, `${scene.directory}/elsewhere`];
  fs.renameSync(directory, aside);
  for (const path of [directory, elsewhere]) fs.mkdirSync(path);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'mode=700', 'refit-test', directory]);
  fs.cpSync(aside, directory, { recursive: true, preserveTimestamps: true });
  const move = (from: string, to: string) => void execFileSync('mount', ['--move', from, to]);
  return { away: () => move(directory, elsewhere), back: () => move(elsewhere, directory) };
}

/** Upgrades a sample whose data is on a disk of its own, and takes the disk away at that point. */
async function withoutDisk(point: string) {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-integration-disk-'));
  const scene = await openScene({ versions: [OLD, NEW], start: false, directory });
  const disk = onDisk(scene);
  onTestFinished(async () => {
    await scene.end();
    execFileSync('umount', ['--lazy', dataOf(scene)]);
    fs.rmSync(directory, { recursive: true, force: true });
  });
  await scene.start();
  const before = await look(scene);
  holdAt(scene, point);
  const viewer = scene.upgrade(['--to', NEW], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  disk.away();
  goOn(worker);
  const outcome = await viewer;
  const made = fs.existsSync(scene.installed.database);
  disk.back();
  return { scene, before, outcome, made };
}

test('the disk of the data gone before the window: refused, and the old version runs on', async () => {
  const { scene, before, outcome } = await withoutDisk('step.begin hot-copy');
  expectFailedRun(outcome, { exit: 4, code: 'E_WORLD_CHANGED', saw: 'is not there any more', next: /findmnt/ });
  await expectUntouched(scene, before);
});

test('the disk of the data gone in the window: nothing is started on an empty folder, and once it is back all is as before', async () => {
  const { scene, before, outcome, made } = await withoutDisk('step.end stop');
  expectFailedRun(outcome, {
    exit: 8,
    code: 'E_WORLD_CHANGED',
    saw: 'sample.db is not there any more',
    next: 'refit rollback tries the way back again',
    now: 'sample is inactive (dead) at v0.2.9 and does not answer',
  });
  expect(made).toBe(false);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 7 });
  await expectOld(scene, before);
});

test('a clock that is set back in the window: committed, and no time is below zero', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const before = await look(scene);
  holdAt(scene, 'step.end stop');
  const entry = path.join(import.meta.dirname, 'support/clock-jump.ts');
  const viewer = scene.upgrade(['--to', NEW, '-o', 'json'], { entry });
  const worker = await heldWorker(scene, viewer);
  fs.writeFileSync(path.join(scene.directory, 'set-back'), '');
  goOn(worker);
  const { exit, stdout } = await viewer;
  expect(exit).toBe(0);
  const { windowMs } = JSON.parse(stdout) as { windowMs: number };
  expect(windowMs).toBeGreaterThan(0);
  expect(windowMs).toBeLessThan(3_600_000);
  await expectNew(scene, before);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectOld(scene, before);
});
