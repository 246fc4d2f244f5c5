import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { expectToFit } from '../support/json-schema.ts';
import { HELD, heldWorker, holdAt } from './support/hold.ts';
import { signal } from './support/processes.ts';
import { ARCH, NEW, OLD, openScene, type Scene } from './support/scene.ts';
import { treeOf } from './support/tree.ts';

const OTHER = ARCH === 'arm64' ? 'amd64' : 'arm64';
const ARCHIVES = [ARCH, OTHER].map((arch) => `sample_linux_${arch}.tar.gz`).sort();
const HELD_AT = '/scratch/rehearsal/sample.db';

const rehearse = ({ releases, refit }: Scene, ...words: readonly string[]) =>
  refit(['plan', '--rehearse', '--source', releases, ...words]);

/** All below the state directory. */
const stateOf = ({ state }: Scene): readonly string[] =>
  (fs.readdirSync(state, { recursive: true }) as string[]).sort();

const LEFT = ['releases', `releases/${NEW}`, ...ARCHIVES.map((name) => `releases/${NEW}/${name}`), 'run.lock'];

test('a migration that would pass is tried without a run: the download stays for the upgrade, and nothing else', async () => {
  await using scene = await openScene();
  const { prefix, refit, releases, state, upgrade, answers } = scene;
  // Of the prefix itself without its time. Who reads a database in WAL mode marks that in its -shm.
  const tree = () => treeOf(prefix, { skip: [/^\/var$/, /-shm$/] }).slice(1);
  const before = tree();
  const { exit, stdout } = await rehearse(scene, '--exit-code');
  expect(exit).toBe(100);
  expect(stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.13');
  expect(stdout).toMatch(/^rehearsal passed in .* on a copy of the data; nothing was changed$/m);
  expect(stdout).toMatch(/8 migrations before, 10 after: 034_\S+,\s+035_\S+$/m);
  expect(stdout.replace(/\s+/g, ' ')).toMatch(
    new RegExp(`the download stays for the next upgrade: \\S+ KiB in ${state}/releases/${NEW}`),
  );
  expect(tree()).toEqual(before);
  expect(stateOf(scene)).toEqual(LEFT);
  expect((await refit(['history'])).stdout).toBe('no runs yet\n');

  const { stdout: json } = await rehearse(scene, '-o', 'json');
  expectToFit('plan', json);
  const { rehearsal, to } = JSON.parse(json);
  expect({ to, rehearsal }).toEqual({
    to: NEW,
    rehearsal: {
      passed: true,
      before: 8,
      after: 10,
      added: ['034_backup_needs_review.sql', '035_backup_review_acked.sql'],
      ms: expect.any(Number),
      cache: {
        directory: `${state}/releases/${NEW}`,
        files: ARCHIVES.map((name) => ({ name, bytes: fs.statSync(`${state}/releases/${NEW}/${name}`).size })),
      },
    },
  });
  // What was proven is not fetched again: a source that lost it since is not missed.
  for (const name of ARCHIVES) fs.writeFileSync(path.join(releases, NEW, name), 'lost');
  expect(await upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  expect(await answers()).toBe(NEW);
});

test('a migration that fails stands against the upgrade in its plan: 4, and nothing of it stays', async () => {
  await using scene = await openScene({ breaks: { [NEW]: 'migration' } });
  const { exit, stdout } = await rehearse(scene, '--exit-code');
  expect(exit).toBe(4);
  expect(stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.13');
  expect(stdout).toMatch(/^STOP {6}E_MIGRATION_FAILED: Cannot migrate a copy of the data to v0\.2\.13: /m);
  expect(stdout).toContain('the download stays');
  const json = await rehearse(scene, '-o', 'json');
  expectToFit('plan', json.stdout);
  expect(json.exit).toBe(4);
  expect(JSON.parse(json.stdout)).toMatchObject({
    purpose: 'upgrade',
    rehearsal: { passed: false, cache: { files: ARCHIVES.map((name) => ({ name })) } },
    error: { code: 'E_MIGRATION_FAILED', hint: expect.stringContaining('The service was not touched') },
  });
  expect(stateOf(scene)).toEqual(LEFT);
  expect(await scene.answers()).toBe(OLD);
});

test('a rehearsal that is killed frees the installation; the next one tidies up after it, and so does an upgrade', async () => {
  await using scene = await openScene();
  const { prefix, state, releases, refit, upgrade } = scene;
  const kill = async (): Promise<void> => {
    holdAt(scene, HELD_AT);
    const viewer = refit(['plan', '--rehearse', '--source', releases], { entry: HELD });
    const pid = await heldWorker(scene, viewer);
    for (const outcome of [await rehearse(scene), await upgrade([])]) {
      expect(outcome).toMatchObject({ exit: 10, stderr: expect.stringContaining('E_LOCKED') });
    }
    signal(pid, 'SIGKILL');
    await viewer;
    expect(stateOf(scene).some((name) => name.endsWith(HELD_AT))).toBe(true);
  };
  await kill();
  expect(await rehearse(scene)).toMatchObject({ exit: 0, stdout: expect.stringContaining('rehearsal passed') });
  // The folders of the two requests that were refused stay for a day.
  expect(stateOf(scene).filter((name) => !name.startsWith('runs'))).toEqual(LEFT);
  await kill();
  expect(await upgrade([])).toMatchObject({ exit: 0 });
  expect(fs.existsSync(`${state}/rehearsals`)).toBe(false);
  expect(fs.existsSync(`${prefix}/lib/sample/.refit-generations`)).toBe(true);
});

test('while a run is open nothing is rehearsed', async () => {
  await using scene = await openScene();
  expect(await scene.refit(['fetch', '--yes', '--source', scene.releases])).toMatchObject({ exit: 0 });
  expect(await rehearse(scene)).toMatchObject({ exit: 9, stdout: '', stderr: expect.stringContaining('E_RUN_OPEN') });
  expect(stateOf(scene)).not.toContain('rehearsals');
});

test('what is installed already needs no rehearsal', async () => {
  await using scene = await openScene();
  expect(await rehearse(scene, '--to', OLD)).toEqual({
    exit: 0,
    stdout: `sample is at ${OLD} already: nothing to do\n`,
    stderr: '',
  });
  expect(fs.existsSync(scene.state)).toBe(false);
});
