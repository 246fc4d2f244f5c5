import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { linesOf, ofRun, recordsOf } from './support/journal.ts';
import { expectFailedRun, expectNew, expectUntouched, look } from './support/outcome.ts';
import { signal } from './support/processes.ts';
import { NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, NEW];
const RUNNING = "INSERT INTO backup_runs (job_name, status, started_at) VALUES ('nightly', 'running', '')";

function change({ installed }: Scene, statement: string): void {
  using database = new DatabaseSync(installed.database);
  database.exec(statement);
}

/** Upgrades, and does that when the data has been copied. */
async function meanwhile(scene: Scene, words: readonly string[], act: () => void): Promise<Outcome> {
  holdAt(scene, 'step.end hot-copy');
  const viewer = scene.upgrade(['--to', NEW, ...words], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  act();
  goOn(worker);
  return viewer;
}

test('a job that began since the plan: the run turns back before the stop, and says what it saw', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const outcome = await meanwhile(scene, [], () => change(scene, RUNNING));
  expectFailedRun(outcome, {
    exit: 4,
    code: 'E_CHECK_FAILED',
    saw: /Cannot stop sample: saw what was not so when this was planned: backup-running \(a backup is running; expected none: /,
    next: /^next: wait for the backup to end; then type the command again, or with --waive backup-running$/,
  });
  expect(recordsOf(scene)).not.toContain('step.begin stop');
  change(scene, 'DELETE FROM backup_runs');
  await expectUntouched(scene, before);
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
});

test('one that is waived passes, and what was seen is in the journal and in the result', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const waive = ['--waive', 'backup-running', '--because', 'known', '-o', 'json'];
  const { exit, stdout } = await meanwhile(scene, waive, () => change(scene, RUNNING));
  const waivers = [
    { code: 'backup-running', who: 'tester', why: 'known', measured: 'a backup is running', limit: expect.any(String) },
  ];
  expect({ exit, result: JSON.parse(stdout) }).toMatchObject({ exit: 0, result: { standing: 'committed', waivers } });
  const outputs = linesOf(ofRun(scene, 'journal.jsonl')).filter(({ type }) => type === 'step.end');
  expect(outputs.map(({ output }) => output)).toContainEqual({ waivers });
});

test('a worker killed just before the window: whoever resumes asks again', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  holdAt(scene, 'step.begin arm-window');
  const viewer = scene.upgrade(['--to', NEW], { entry: HELD });
  signal(await heldWorker(scene, viewer), 'SIGKILL');
  expect(await viewer).toMatchObject({ exit: 9 });
  change(scene, RUNNING);
  expectFailedRun(await scene.refit(['resume']), {
    exit: 4,
    code: 'E_CHECK_FAILED',
    saw: 'backup-running',
    next: '--waive backup-running',
  });
  change(scene, 'DELETE FROM backup_runs');
  await expectUntouched(scene, before);
});

test('whoever resumes may waive it', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  holdAt(scene, 'step.begin arm-window');
  const viewer = scene.upgrade(['--to', NEW], { entry: HELD });
  signal(await heldWorker(scene, viewer), 'SIGKILL');
  await viewer;
  change(scene, RUNNING);
  const words = ['resume', '--waive', 'backup-running', '--because', 'it hangs', '-o', 'json'];
  const { exit, stdout } = await scene.refit(words, { env: { SUDO_USER: 'bob' } });
  expect({ exit, result: JSON.parse(stdout) }).toMatchObject({
    exit: 0,
    result: { by: 'tester', waivers: [{ code: 'backup-running', who: 'bob', why: 'it hangs' }] },
  });
  change(scene, 'DELETE FROM backup_runs');
  await expectNew(scene, before);
});
