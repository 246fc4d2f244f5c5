import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLoopback } from '../support/loopback.ts';
import { errorOf, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';
import { treeOf } from './support/tree.ts';

const MAJOR = 'v1.0.0';

/** The sample's profile with other rules for upgrades, and these hooks. */
function ruled(scene: Scene, upgrades: object, hooks: readonly object[] = []): readonly string[] {
  const builtin = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');
  const text = fs.readFileSync(builtin, 'utf8').replace(/^upgrades:\n(?: .*\n)+/m, '');
  const file = path.join(scene.directory, 'ruled.yaml');
  fs.writeFileSync(file, `${text}\nupgrades: ${JSON.stringify(upgrades)}\nhooks: ${JSON.stringify(hooks)}\n`);
  return ['--profile', file];
}

describe('nothing is touched, and exit 4 says so', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await openScene({ versions: ['v0.2.8', OLD, 'v0.2.10', NEW, MAJOR], start: false });
    fs.writeFileSync(path.join(scene.releases, `${MAJOR}.md`), '## Breaking changes\n- tokens must be made anew\n');
  });
  afterAll(() => scene[Symbol.asyncDispose]());
  const plan = (...words: string[]) => scene.refit(['plan', '--source', scene.releases, ...words]);

  test('another major wants consent, and shows what its notes ask for; a flag, a variable or a key gives it', async () => {
    const before = treeOf(scene.prefix);
    for (const words of [['plan'], ['upgrade', '--yes'], ['fetch', '--yes']]) {
      const refused = await scene.refit([...words, '--source', scene.releases, '--to', 'latest', '-o', 'json']);
      expect([words, refused.exit]).toEqual([words, 4]);
      const { code, message, hint } = errorOf(refused);
      expect(code).toBe('E_UPGRADE_PATH');
      expect(message).toContain(`${NEW} to ${MAJOR} is another major version: it wants consent`);
      expect(message).toContain(`its release notes ask for:\n  ${MAJOR}: tokens must be made anew`);
      expect(hint).toContain(`--allow-major consents to it; refit upgrade --to ${NEW} is as near`);
    }
    expect(treeOf(scene.prefix)).toEqual(before);
    const allowed = await plan('--to', MAJOR, '--allow-major');
    expect(allowed).toMatchObject({ exit: 0 });
    expect(allowed.stdout).toContain(`Upgrade sample: ${OLD} -> ${MAJOR}`);
    expect(allowed.stdout).toContain('note      major: v0.2.9 to v1.0.0');
    expect(allowed.stdout).toContain('- tokens must be made anew');
    const words = ['plan', '--source', scene.releases, '--to', MAJOR];
    expect(await scene.refit(words, { env: { REFIT_ALLOW_MAJOR: '1' } })).toMatchObject({ exit: 0 });
    const config = path.join(scene.directory, 'refit.yaml');
    fs.writeFileSync(config, 'allow-major: true\n');
    expect(await plan('--to', MAJOR)).toMatchObject({ exit: 0 });
    fs.rmSync(config);
  });

  test('an older version, unless the policy lets it follow', async () => {
    const refused = await plan('--to', 'v0.2.8', '-o', 'json');
    expect([refused.exit, errorOf(refused).code]).toEqual([4, 'E_DOWNGRADE']);
    const windowed = ruled(scene, { policy: 'window', grace: 0 });
    const { exit, stdout } = await plan('--to', 'v0.2.8', ...windowed);
    expect(exit).toBe(0);
    expect(stdout).toContain('warning   older-version: v0.2.9 to v0.2.8');
  });

  test('below the floor', async () => {
    const floor = ruled(scene, { policy: 'window', floor: NEW });
    const refused = await plan('--to', 'v0.2.10', '-o', 'json', ...floor);
    expect(refused.exit).toBe(4);
    expect(errorOf(refused)).toMatchObject({
      code: 'E_UPGRADE_PATH',
      message: expect.stringContaining('v0.2.10 is below min_version v0.2.13'),
      hint: `refit upgrade --to ${NEW} is as near as the rules let it`,
    });
  });

  test('stopped at what the way does not go over', async () => {
    const { exit, stderr } = await plan('--to', NEW, '--stop-at', 'v0.2.10');
    expect(exit).toBe(2);
    expect(stderr).toContain('Cannot stop at v0.2.10: the way goes over v0.2.13');
    expect(await plan('--to', NEW, '--stop-at', NEW)).toMatchObject({ exit: 0 });
  });

  test('rules that make no sense are refused when they are read', async () => {
    const circle = [
      { code: 'over-ten', from: '<0.2.10', to: '>=0.2.13', avoid: '>=0.2.13', why: 'it prepares the data' },
      { code: 'not-ten', avoid: '>=0.2.10 <0.2.13', why: 'it loses it' },
    ];
    for (const [upgrades, saw] of [
      [{ policy: 'hope' }, 'upgrades.policy: saw "hope", expected one of semver-drop-in'],
      [{ policy: 'none', grace: 2 }, 'upgrades.grace: saw an option of window'],
      [{ advisories: circle }, 'past over-ten and not-ten together'],
    ] as const) {
      const { exit, stderr } = await plan('--to', NEW, ...ruled(scene, upgrades));
      expect([exit, stderr]).toEqual([3, expect.stringContaining(saw)]);
    }
  });

  test('a listing of garbage, duplicates and a thousand prereleases', async () => {
    await using server = await startLoopback();
    const assets = ['amd64', 'arm64'].map((arch) => ({ name: `sample_linux_${arch}.tar.gz` }));
    const odd = ['nightly', 'v0.2', 'v0.2.9.1', 'latest', 'v0.2.10', 'v0.2.10', '0.2.10', 'v0.4.0'];
    const rcs = Array.from({ length: 1000 }, (_, index) => `v0.3.${index}-rc.${index}`);
    const list = [...odd, ...rcs, 'v0.3.1', OLD].map((tag_name) => ({ tag_name, assets }));
    server.on('/releases.json', { body: JSON.stringify(list) });
    const rules = ruled(scene, { policy: 'one-minor-at-a-time' });
    const words = ['plan', '--source', server.url, '-o', 'json', ...rules];
    const { exit, stdout } = await scene.refit([...words, '--to', 'v0.3.x']);
    expect([exit, JSON.parse(stdout).to]).toEqual([0, 'v0.3.1']);
    const rc = await scene.refit([...words, '--to', 'v0.3.999-rc.999']);
    expect([rc.exit, errorOf(rc)]).toMatchObject([4, { hint: expect.stringContaining('--allow-prerelease') }]);
  });

  test('refit path answers by the rules of a profile, advisories too', async () => {
    const catalogue = ['--catalogue', scene.releases];
    const path = (...words: readonly string[]) => scene.bare(['path', ...words, ...catalogue, '-o', 'json']);
    const major = await path(OLD, MAJOR, '--product', 'sample');
    expect([major.exit, JSON.parse(major.stdout)]).toMatchObject([4, { kind: 'major', nearest: NEW }]);
    expect(await path(OLD, MAJOR, '--product', 'sample', '--allow-major')).toMatchObject({ exit: 0 });
    const rules = ruled(scene, {
      advisories: [{ code: 'ports', to: '0.2.13', before: 'open one', severity: 'inhibit', why: 'it listens there' }],
    });
    const told = await path(OLD, NEW, ...rules);
    expect(JSON.parse(told.stdout)).toMatchObject({
      hops: ['0.2.13'],
      findings: [{ code: 'ports', severity: 'inhibit', limit: 'it listens there', remedy: 'before: open one' }],
    });
    expect(await path(OLD, NEW, ...rules, '--policy', 'none')).toMatchObject({ exit: 2 });
  });
});

test('back within the window, never onto a schema that the older version does not know', async () => {
  await using scene = await openScene({ versions: ['v0.2.8', OLD, 'v0.2.10'] });
  const rules = ruled(scene, { policy: 'window' });
  expect(await scene.upgrade(['--to', 'v0.2.8', ...rules])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe('v0.2.8');
  expect((await scene.refit(['status'])).stdout).toContain('v0.2.8');
  expect(await scene.refit(['rollback', '--yes', ...rules])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(OLD);
  expect(await scene.upgrade(['--to', 'v0.2.10', ...rules])).toMatchObject({ exit: 0 });
  const before = await look(scene);
  const refused = await scene.upgrade(['--to', OLD, '-o', 'json', ...rules]);
  expect(refused.exit).toBe(4);
  expect(JSON.stringify(JSON.parse(refused.stdout))).toContain('which v0.2.9 does not know');
  await expectUntouched(scene, before);
});

test('what an advisory asks for before and after: a person, by name, and a hook on that step alone', async () => {
  await using scene = await openScene({ versions: [OLD, 'v0.2.10', NEW] });
  const heard = path.join(scene.directory, 'heard');
  const hooks = [
    { name: 'reindex', at: 'after-window', run: ['/bin/sh', '-c', `echo "$REFIT_FROM $REFIT_TO" >> ${heard}`] },
  ];
  const rules = ruled(
    scene,
    {
      policy: 'semver-drop-in',
      advisories: [
        { code: 'other-index', from: '<0.2.10', to: '>=0.2.10', hook: 'reindex', why: 'the index is new' },
        { code: 'ports', to: '0.2.10', before: 'open port 9001', severity: 'inhibit', why: 'it listens elsewhere' },
      ],
    },
    hooks,
  );
  const plan = await scene.refit(['plan', '--to', 'v0.2.10', '--source', scene.releases, ...rules]);
  expect(plan.stdout).toContain('Run the hook reindex: /bin/sh');
  expect(plan.stdout).toMatch(
    /STOP {6}ports: v0\.2\.9 to v0\.2\.10\n.*expected it listens elsewhere\n.*before: open port 9001/,
  );
  const before = await look(scene);
  expect(await scene.upgrade(['--to', 'v0.2.10', ...rules])).toMatchObject({ exit: 4 });
  await expectUntouched(scene, before);
  expect(await scene.upgrade(['--to', 'v0.2.10', '--waive', 'ports', ...rules])).toMatchObject({ exit: 0 });
  expect(await scene.upgrade(['--to', NEW, ...rules])).toMatchObject({ exit: 0 });
  expect(fs.readFileSync(heard, 'utf8')).toBe('v0.2.9 v0.2.10\n');
});

test('a way of several hops is one run, stopped where somebody wants; what failed here is not gone over', async () => {
  await using scene = await openScene({
    versions: [OLD, 'v0.3.0', 'v0.3.1', 'v0.4.0', 'v0.5.0'],
    breaks: { 'v0.3.1': 'boot' },
  });
  const rules = ruled(scene, { policy: 'one-minor-at-a-time' });
  const far = ['--to', 'v0.5.0', ...rules];
  const plan = await scene.refit(['plan', '--source', scene.releases, ...far, '-o', 'json']);
  expect(JSON.parse(plan.stdout)).toMatchObject({
    from: OLD,
    to: 'v0.5.0',
    hops: [{ to: 'v0.3.1' }, { to: 'v0.4.0' }, { to: 'v0.5.0' }],
  });
  // Its first hop fails: the host is as it was, and that release is not gone over again.
  expect(await scene.upgrade(far)).toMatchObject({ exit: 7 });
  expect(await scene.answers()).toBe(OLD);
  const stopped = await scene.upgrade([...far, '--stop-at', 'v0.4.0', '-o', 'json']);
  expect([stopped.exit, JSON.parse(stopped.stdout)]).toMatchObject([0, { from: OLD, to: 'v0.4.0' }]);
  expect(await scene.answers()).toBe('v0.4.0');
  expect(await scene.upgrade(far)).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe('v0.5.0');
});

test('the only release of a minor that failed here is no hole', async () => {
  await using scene = await openScene({ versions: [OLD, 'v0.3.0', 'v0.4.0'], breaks: { 'v0.3.0': 'boot' } });
  const far = ['--to', 'v0.4.0', ...ruled(scene, { policy: 'one-minor-at-a-time' })];
  expect(await scene.upgrade(far)).toMatchObject({ exit: 7 });
  const before = await look(scene);
  const again = await scene.upgrade([...far, '-o', 'json']);
  expect([again.exit, errorOf(again)]).toMatchObject([4, { code: 'E_UPGRADE_PATH' }]);
  expect(errorOf(again).message).toContain('0.3 lies between v0.2.9 and v0.4.0');
  await expectUntouched(scene, before);
});

test('a bundle holds what it holds: the release that is missing is named, and brought', async () => {
  await using scene = await openScene({ versions: [OLD, 'v0.3.0', 'v0.4.0'], start: false });
  const rules = ruled(scene, { policy: 'one-minor-at-a-time' });
  const bundled = async (name: string, ...more: readonly string[]) => {
    const file = path.join(scene.directory, `${name}.refit.tar`);
    const words = ['fetch', 'v0.4.0', '--bundle', file, '--product', 'sample', '--source', scene.releases, ...more];
    expect(await scene.bare(words)).toMatchObject({ exit: 0 });
    return scene.refit(['plan', '--to', 'v0.4.0', '--source', file, '-o', 'json', ...rules]);
  };
  const one = await bundled('one');
  expect([one.exit, errorOf(one)]).toMatchObject([4, { hint: expect.stringContaining('--also 0.3.x') }]);
  expect(errorOf(one).message).toMatch(/a release of 0\.3 comes first, and .*one\.refit\.tar holds none/);
  const both = await bundled('both', '--also', '0.3.x');
  expect([both.exit, JSON.parse(both.stdout)]).toMatchObject([0, { hops: [{ to: 'v0.3.0' }, { to: 'v0.4.0' }] }]);
});
