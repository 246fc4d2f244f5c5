import { expect, test } from 'vitest';
import { recordsOf, runsOf } from './support/journal.ts';
import { errorOf, expectError, expectNew, expectUntouched, look, serverPid } from './support/outcome.ts';
import { NEW, OLD, openScene } from './support/scene.ts';

const UP = 'sample is active (running) at v0.2.9 and answers';

test('stage verbs one by one are the same run; each says how the service is and what comes next', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const stage = async (name: string, ...words: string[]): Promise<readonly string[]> => {
    const { exit, stdout, stderr } = await scene.refit([name, ...words]);
    expect({ name, exit, stderr }).toMatchObject({ exit: 0 });
    return stdout.trimEnd().split('\n').slice(-3);
  };
  const fetched = await stage('fetch', '--yes', '--source', scene.releases, '--to', 'v0.2.x');
  expect(fetched).toEqual([
    UP,
    expect.stringContaining('stopped after fetch'),
    expect.stringContaining('refit verify goes on'),
  ]);
  expect(await stage('verify')).toEqual([UP, expect.anything(), expect.stringContaining('refit backup goes on')]);
  expect(await stage('fetch')).toEqual([expect.stringContaining('fetch is done already; next: refit backup')]);
  expectError(await scene.refit(['migrate', '--yes']), {
    exit: 2,
    code: 'E_USAGE',
    saw: 'backup comes first',
    next: 'refit backup',
  });
  expect(await stage('backup')).toEqual([UP, expect.anything(), expect.stringContaining('refit swap goes on')]);
  expect(serverPid(scene)).toBe(before.pid);
  expectError(await scene.refit(['swap']), {
    exit: 2,
    code: 'E_CONFIRMATION_NEEDED',
    saw: 'not a terminal',
    next: '--yes',
  });
  expect(await stage('swap', '--yes')).toEqual([
    'sample is inactive (dead) at v0.2.13 and does not answer',
    expect.stringContaining('stopped after swap'),
    expect.stringMatching(/refit migrate goes on.*the service is down until then/),
  ]);
  expect(await scene.answers()).toBeUndefined();
  expect(await stage('migrate')).toEqual([
    'sample is active (running) at v0.2.13 and answers',
    expect.anything(),
    expect.stringContaining('refit verify-health goes on'),
  ]);
  expect((await stage('verify-health'))[1]).toContain('upgraded from v0.2.9 to v0.2.13');
  await expectNew(scene, before);
  expect(runsOf(scene)).toHaveLength(1);
  expect(recordsOf(scene).at(-1)).toBe('run.end committed');
});

test('upgrade goes on with what fetch began, and with nothing else', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  expectError(await scene.refit(['verify']), {
    exit: 4,
    code: 'E_NO_OPEN_RUN',
    saw: 'no run is open',
    next: 'refit fetch',
  });
  expect(await scene.refit(['fetch', '--yes', '--source', scene.releases, '--to', 'v0.2.x'])).toMatchObject({
    exit: 0,
  });
  const busy = await scene.upgrade(['--to', 'v0.2.10', '-o', 'json']);
  expect({ exit: busy.exit, ...errorOf(busy) }).toMatchObject({
    exit: 9,
    code: 'E_RUN_OPEN',
    message: expect.stringMatching(/v0\.2\.10.*v0\.2\.13 is not finished/),
    hint: expect.stringContaining('refit resume'),
  });
  const { stdout } = await scene.refit(['status']);
  expect(stdout.split('\n').slice(0, 2)).toEqual([UP, expect.stringContaining(`${OLD} -> ${NEW}`)]);
  await expectUntouched(scene, before);
  expect(await scene.upgrade(['--to', 'v0.2.x'])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
  expect(runsOf(scene)).toHaveLength(1);
});
