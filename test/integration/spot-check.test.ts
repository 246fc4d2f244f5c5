import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { expectToFit } from '../support/json-schema.ts';
import { goOn, HELD, heldWorker, holdAt } from './support/hold.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';
import { treeOf } from './support/tree.ts';

type State = 'running' | 'exited';

/** What Docker runs: services of the one stack that is deployed. */
function writeDocker(file: string, services: Readonly<Record<string, State>>): void {
  const web = Object.entries(services).map(([service, state]) => {
    return { service, container_id: service, state, status: '' };
  });
  fs.writeFileSync(file, JSON.stringify({ web }));
}

/** A server with a stack whose "db" does not run, another one that is deployed nowhere, and its API token in a file. */
async function openWithStacks(): Promise<Scene & { readonly docker: string; readonly token: readonly string[] }> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-spot-check-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  const docker = path.join(directory, 'docker.json');
  writeDocker(docker, { app: 'running', db: 'exited' });
  const scene = await openScene({ env: [`SAMPLE_DOCKER=${docker}`] });
  fs.mkdirSync(`${scene.prefix}/lib/sample/stacks/shelved`);
  const file = path.join(scene.directory, 'token');
  fs.writeFileSync(file, `${scene.installed.token}\n`, { mode: 0o600 });
  return Object.assign(scene, { docker, token: ['--token-file', file] });
}

const CHECKED = [
  {
    stack: 'web',
    services: [
      { name: 'app', state: 'running' },
      { name: 'db', state: 'exited' },
    ],
  },
];
const NOTE = 'spot check of web: app running, db exited (was so before)';

test('the services of a named stack are read before the commit: after an upgrade, and after going back', async () => {
  await using scene = await openWithStacks();
  const { refit, upgrade, token, releases } = scene;
  const plan = await refit(['plan', '--to', NEW, '--source', releases, '--spot-check', 'web', ...token]);
  expect(plan.stdout).toContain('  spot    reads the services of web before the commit; refit deploys nothing\n');
  for (const [words, standing] of [
    [['upgrade', '--source', releases, '--to', NEW], NEW],
    [['rollback'], OLD],
  ] as const) {
    const { exit, stdout } = await refit([...words, '--yes', '--spot-check', 'web', ...token, '-o', 'ndjson']);
    expectToFit('events', stdout);
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect({ exit, ...events.at(-1) }).toMatchObject({ exit: 0, to: standing, spotChecks: CHECKED });
    expect(events.map(({ progress }) => progress?.text)).toContain(NOTE);
  }
  expect((await upgrade(['--to', NEW, ...token, '-o', 'json'])).stdout).toContain('"spotChecks":[]');
});

test('a service that ran before and does not run again goes on the release, also where it is gone back to', async () => {
  await using scene = await openWithStacks();
  const { docker, refit, upgrade, token, answers } = scene;
  expect(await upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  writeDocker(docker, { app: 'running', db: 'exited' });
  holdAt(scene, 'step.end start');
  const viewer = refit(['rollback', '--yes', '--spot-check', 'web', ...token, '-o', 'json'], { entry: HELD });
  const worker = await heldWorker(scene, viewer);
  writeDocker(docker, { app: 'exited', db: 'exited' });
  goOn(worker);
  const { exit, stdout } = await viewer;
  expect({ exit, ...JSON.parse(stdout) }).toMatchObject({
    exit: 7,
    standing: 'restored',
    error: {
      code: 'E_HEALTH_FAILED',
      message: expect.stringContaining('worse than before: spot check web/app: running -> exited'),
    },
  });
  expect(await answers()).toBe(NEW);
});

test('a spot check that could only be missed after the window is refused before anything is touched', async () => {
  await using scene = await openWithStacks();
  const { prefix, upgrade, token } = scene;
  // The server marks its own reads in the -shm.
  const tree = () => treeOf(prefix, { skip: [/-shm$/] });
  const before = tree();
  for (const [words, saw] of [
    [['--spot-check', 'web,ghost', ...token], /saw no stack ghost of .*, expected some of shelved, web/],
    [['--spot-check', 'shelved', ...token], /saw shelved deployed nowhere, expected services to read/],
    [['--spot-check', 'web'], /shows its stacks only to an API token\n.*\n.*--token-file FILE/],
  ] as const) {
    const { exit, stdout, stderr } = await upgrade(['--to', NEW, ...words]);
    expect({ words, exit, stdout, stderr }).toMatchObject({
      exit: 2,
      stdout: '',
      stderr: expect.stringMatching(saw),
    });
    expect(stderr).toContain('E_USAGE');
  }
  expect(tree()).toEqual(before);
});
