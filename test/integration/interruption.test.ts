import fs from 'node:fs';
import { expect, test } from 'vitest';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { recordsOf, runsOf } from './support/journal.ts';
import { errorOf, expectError, expectFailedRun, expectNew, expectOld, expectServing, look } from './support/outcome.ts';
import { commandLine, processesNaming, signal, until } from './support/processes.ts';
import { NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, 'v0.2.10', NEW];
const upgrade = (scene: Scene): Promise<Outcome> => scene.upgrade(['--to', NEW], { entry: HELD });

const KILLS = [
  ['step.begin stop', 'sample is active (running) at v0.2.9 and answers', ['resume']],
  ['step.end stop', 'sample is inactive (dead) at v0.2.9 and does not answer', ['rollback', '--yes']],
  ['step.begin swap-files', 'sample is inactive (dead) at v0.2.9 and does not answer', ['resume']],
  ['step.end swap-files', 'sample is inactive (dead) at v0.2.13 and does not answer', ['rollback', '--yes']],
] as const;

test.each(KILLS)('the worker killed at %s: status says what is true; %s, %s', async (point, truth, words) => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  holdAt(scene, point);
  const viewer = upgrade(scene);
  signal(await heldWorker(scene, viewer), 'SIGKILL');
  const { exit, stdout, stderr } = await viewer;
  expect({ exit, now: stdout.trimEnd().split('\n').at(-3), stderr }).toMatchObject({ exit: 9, now: truth });
  const lines = (await scene.refit(['status'])).stdout.split('\n');
  expect(lines[0]).toBe(truth);
  expect(lines[1]).toMatch(
    /upgrade v0\.2\.9 -> v0\.2\.13 is interrupted: refit resume finishes it, refit rollback goes back/,
  );
  const open = await scene.upgrade(['--to', 'v0.2.10']);
  expectError(open, { exit: 9, code: 'E_RUN_OPEN', saw: 'is not finished', next: 'refit resume finishes it' });
  expect(await scene.refit(words)).toMatchObject({ exit: 0 });
  if (words[0] === 'resume') await expectNew(scene, before);
  else await expectOld(scene, before);
  expect(runsOf(scene)).toHaveLength(1);
});

test('the worker killed on its way back: resume goes on back, exit 7', async () => {
  await using scene = await openScene({ versions: VERSIONS, breaks: { [NEW]: 'boot' } });
  const before = await look(scene);
  holdAt(scene, 'undo.end swap-files');
  const viewer = upgrade(scene);
  signal(await heldWorker(scene, viewer), 'SIGKILL');
  expect(await viewer).toMatchObject({ exit: 9 });
  const { exit, stdout } = await scene.refit(['resume']);
  expect({ exit, stdout }).toMatchObject({ exit: 7, stdout: expect.stringContaining(`failed and restored to ${OLD}`) });
  await expectOld(scene, before);
});

test('an old version that cannot be started again: 8, said, and rollback goes back once it can', async () => {
  await using scene = await openScene({ versions: VERSIONS, breaks: { [NEW]: 'boot' } });
  const before = await look(scene);
  holdAt(scene, 'undo.end copy-data');
  const viewer = upgrade(scene);
  const worker = await heldWorker(scene, viewer);
  fs.chmodSync(scene.installed.binary, 0o600);
  goOn(worker);
  expectFailedRun(await viewer, {
    exit: 8,
    code: 'E_UNDO_FAILED',
    saw: 'could not be undone',
    next: 'refit rollback tries the way back again',
    now: 'sample is failed (gone) and does not answer',
  });
  fs.chmodSync(scene.installed.binary, 0o755);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 7 });
  expect(recordsOf(scene).at(-1)).toBe('run.end restored');
  await expectOld(scene, before);
});

test('TERM to the worker pauses it between steps; the viewer says so with exit 9', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  holdAt(scene, 'step.end prove');
  const viewer = upgrade(scene);
  const worker = await heldWorker(scene, viewer);
  signal(worker, 'SIGTERM');
  goOn(worker);
  const { exit, stdout } = await viewer;
  expect({ exit, end: stdout.trimEnd().split('\n').slice(-3) }).toEqual({
    exit: 9,
    end: [
      'sample is active (running) at v0.2.9 and answers',
      expect.stringContaining('paused between steps on the way from v0.2.9 to v0.2.13'),
      expect.stringContaining('refit resume goes on'),
    ],
  });
  expect(recordsOf(scene).at(-1)).toBe('run.pause signal');
  await expectServing(scene, before);
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

test('the viewer killed: the run goes on; attach sees it to its end', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  holdAt(scene, 'step.end stop');
  const viewer = upgrade(scene);
  const worker = await heldWorker(scene, viewer);
  const [run = ''] = runsOf(scene);
  signal(viewerOf(scene), 'SIGKILL');
  expect(await viewer).toMatchObject({ exit: null });
  const attached = scene.refit(['attach', '-o', 'ndjson']);
  await until('the viewer of attach is there', () => viewersOf(scene).length === 1);
  goOn(worker);
  const { exit, stdout } = await attached;
  const lines = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { type: string; seq?: number; run?: string });
  expect({ exit, result: lines.at(-1) }).toMatchObject({
    exit: 0,
    result: { type: 'result', run, standing: 'committed' },
  });
  expect(lines.slice(0, -1).map(({ seq }) => seq)).toEqual(lines.slice(0, -1).map((_, i) => i + 1));
  await expectNew(scene, before);
});

test('a second refit at the same time is told who is at work, and changes nothing', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  holdAt(scene, 'step.end stop');
  const viewer = upgrade(scene);
  const worker = await heldWorker(scene, viewer);
  for (const words of [
    ['upgrade', '--yes', '--to', NEW, '--source', scene.releases],
    ['resume'],
    ['rollback', '--yes'],
    ['migrate', '--yes'],
  ]) {
    const second = await scene.refit([...words, '-o', 'json']);
    expect({ words, exit: second.exit, ...errorOf(second) }).toMatchObject({
      exit: 10,
      code: 'E_LOCKED',
      message: expect.stringMatching(
        /Cannot change sample now: saw tester with "refit upgrade .*" since .* at work on it/,
      ),
      hint: expect.stringContaining('refit attach'),
    });
  }
  const status = (await scene.refit(['status'])).stdout.split('\n');
  expect(status.slice(0, 2)).toEqual([
    'sample is inactive (dead) at v0.2.9 and does not answer',
    expect.stringContaining('is under way: refit attach'),
  ]);
  goOn(worker);
  expect(await viewer).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
});

/** Processes of refit at work on the scene that are no workers. */
function viewersOf({ prefix }: Scene): readonly number[] {
  return processesNaming(prefix).filter((pid) => {
    const argv = commandLine(pid);
    return argv.includes('--prefix') && argv.at(-1) === prefix;
  });
}

function viewerOf(scene: Scene): number {
  const [pid, ...others] = viewersOf(scene);
  if (pid === undefined || others.length > 0) throw new Error('expected one viewer');
  return pid;
}
