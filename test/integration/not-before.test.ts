import path from 'node:path';
import { expect, test } from 'vitest';
import { workerOf } from './support/hold.ts';
import { linesOf, notesOf, ofRun, recordsOf, runsOf } from './support/journal.ts';
import {
  expectError,
  expectFailedRun,
  expectNew,
  expectOld,
  expectServing,
  expectUntouched,
  look,
} from './support/outcome.ts';
import { signal, until } from './support/processes.ts';
import { NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, NEW];
/** refit on a machine whose clock is a day ahead. */
const TOMORROW = { entry: path.join(import.meta.dirname, 'support/tomorrow.ts') };
const HOUR_MS = 3_600_000;
const ahead = (ms: number): string => new Date(Date.now() + ms).toISOString();

/** Resolves once its worker waits. */
async function waiting(scene: Scene, viewer: Promise<Outcome>): Promise<number> {
  let ended: Outcome | undefined;
  void viewer.then((outcome) => {
    ended = outcome;
  });
  await until('the worker waits', () => {
    if (ended !== undefined) throw new Error(`never waited: ${JSON.stringify(ended)}`);
    return runsOf(scene).length > 0 && notesOf(scene).includes('waiting until');
  });
  return workerOf(scene);
}

test('the service is stopped no sooner, everything else is done before; and nobody is asked anything', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const notBefore = ahead(20_000);
  const outcome = await scene.upgrade(['--to', NEW, '--not-before', notBefore, '--not-after', ahead(HOUR_MS)]);
  expect(outcome).toMatchObject({ exit: 0, stdout: expect.stringContaining('  window  not before 20') });
  const records = linesOf(ofRun(scene, 'journal.jsonl'));
  const names = recordsOf(scene);
  const stopped = records[names.indexOf('step.begin stop')];
  expect(Date.parse(String(stopped?.['at']))).toBeGreaterThanOrEqual(Date.parse(notBefore));
  expect(names.indexOf('step.end rehearse')).toBeLessThan(names.indexOf('step.begin await-window'));
  expect(names.indexOf('step.end await-window')).toBeLessThan(names.indexOf('step.begin hot-copy'));
  expect(records[0]).toMatchObject({ plan: { facts: { options: { notBefore } } } });
  await expectNew(scene, before);
});

test('a run that waits says so, pauses when asked, waits on when resumed, and goes back untouched', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const notBefore = ahead(HOUR_MS);
  const viewer = scene.upgrade(['--to', NEW, '--not-before', notBefore]);
  signal(await waiting(scene, viewer), 'SIGINT');
  expect(await viewer).toMatchObject({ exit: 9, stderr: expect.stringContaining('waiting until 20') });
  await expectServing(scene, before);
  const other = await scene.upgrade(['--to', NEW, '--not-before', ahead(2 * HOUR_MS)]);
  expectError(other, { exit: 9, code: 'E_RUN_OPEN', saw: /began with not before 20/, next: /refit rollback/ });
  const again = scene.refit(['resume']);
  await until('it waits on', async () => (await scene.refit(['status'])).stdout.includes(' waits until 20'));
  signal(workerOf(scene), 'SIGKILL');
  expect(await again).toMatchObject({ exit: 9 });
  expect((await scene.refit(['status'])).stdout).toContain('is interrupted: refit resume finishes it');
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectUntouched(scene, before);
});

test('a worker killed while it waits; resumed after that time it goes on at once', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const viewer = scene.upgrade(['--to', NEW, '--not-before', ahead(HOUR_MS)]);
  signal(await waiting(scene, viewer), 'SIGKILL');
  expect(await viewer).toMatchObject({ exit: 9 });
  await expectServing(scene, before);
  expect(await scene.refit(['resume'], TOMORROW)).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

test('resumed too late: it turns back, coded, with the time; what was downloaded is kept', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const times = ['--not-before', ahead(HOUR_MS), '--not-after', ahead(2 * HOUR_MS)];
  const viewer = scene.upgrade(['--to', NEW, ...times]);
  signal(await waiting(scene, viewer), 'SIGINT');
  expect(await viewer).toMatchObject({ exit: 9 });
  expectFailedRun(await scene.refit(['resume'], TOMORROW), {
    exit: 4,
    code: 'E_WINDOW_MISSED',
    saw: /failed before anything was changed: Cannot stop sample: saw 20.* UTC, expected not after 20.* UTC/,
    next: /--not-after/,
  });
  await expectUntouched(scene, before);
  const { stdout } = await scene.refit(['cache', 'list', '-o', 'json']);
  expect(stdout).toContain(NEW);
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
});

test('a rollback waits too', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  const notBefore = ahead(15_000);
  expect(await scene.refit(['rollback', '--yes', '--not-before', notBefore])).toMatchObject({ exit: 0 });
  expect(recordsOf(scene)).toContain('step.end await-window');
  const stopped = linesOf(ofRun(scene, 'journal.jsonl'))[recordsOf(scene).indexOf('step.begin stop')];
  expect(Date.parse(String(stopped?.['at']))).toBeGreaterThanOrEqual(Date.parse(notBefore));
  await expectOld(scene, before);
});

test('times that are past, that may mean two, or that end before they begin: refused, nothing is done', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const cases = [
    [['--not-before', ahead(-HOUR_MS)], 'which is past'],
    [['--not-after', ahead(HOUR_MS).slice(0, 19)], 'which may mean any zone'],
    [['--not-before', 'tonight'], 'expected 2026-01-31T02:00:00Z, or 02:00'],
    [['--not-before', ahead(2 * HOUR_MS), '--not-after', ahead(HOUR_MS)], 'saw an end before the beginning'],
  ] as const;
  for (const [words, saw] of cases) {
    expectError(await scene.upgrade(['--to', NEW, ...words]), { exit: 2, code: 'E_USAGE', saw, next: /--not-/ });
  }
  expect(runsOf(scene)).toEqual([]);
});
