import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { expectNew, expectOld, expectUntouched, look } from './support/outcome.ts';
import { NEW, OLD, openScene, type Scene } from './support/scene.ts';

const VERSIONS = [OLD, NEW];

/** The sample's profile with these hooks; each writes what it was into a file when it ran. */
function withHooks(scene: Scene, hooks: readonly object[]): readonly string[] {
  const builtin = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');
  const file = path.join(scene.directory, 'profile.yaml');
  fs.writeFileSync(file, `${fs.readFileSync(builtin, 'utf8')}\nhooks: ${JSON.stringify(hooks)}\n`);
  return ['--profile', file];
}

const heardIn = (scene: Scene): string => path.join(scene.directory, 'heard');
const heard = (scene: Scene): readonly string[] =>
  fs.existsSync(heardIn(scene)) ? fs.readFileSync(heardIn(scene), 'utf8').trimEnd().split('\n') : [];

function says(scene: Scene, word: string, then = ''): readonly string[] {
  return [
    '/bin/sh',
    '-c',
    `echo "${word} $REFIT_PURPOSE $REFIT_FROM $REFIT_TO $1" >> ${heardIn(scene)}; ${then}`,
    'sh',
    '{version}',
  ];
}

test('around the window, in upgrades and rollbacks; one that fails after it warns', async () => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const profile = withHooks(scene, [
    { name: 'silence', at: 'before-window', run: says(scene, 'silence'), undo: says(scene, 'undo') },
    { name: 'warm', at: 'after-window', run: says(scene, 'warm', 'echo no pager >&2; exit 3') },
    { name: 'tell', at: 'after-health', run: says(scene, 'tell') },
  ]);
  const { exit, stdout } = await scene.upgrade(['--to', NEW, ...profile]);
  expect(exit).toBe(0);
  await expectNew(scene, before);
  expect(heard(scene)).toEqual(['silence', 'warm', 'tell'].map((word) => `${word} upgrade ${OLD} ${NEW} ${NEW}`));
  expect(stdout).toContain('warning: the hook warm (/bin/sh) ended with exit code 3: no pager');
  fs.rmSync(heardIn(scene));
  expect(await scene.refit(['rollback', '--yes', ...profile])).toMatchObject({ exit: 0 });
  expect(heard(scene)).toEqual(['silence', 'warm', 'tell'].map((word) => `${word} rollback ${NEW} ${OLD} ${OLD}`));
});

test.each([
  ['ends with another code', 'exit 3', {}, /ended with exit code 3$/],
  ['does not end', 'sleep 60', { timeout: '300ms' }, /was not done within 300 ms$/],
])('one before the window that %s keeps the upgrade from happening', async (_what, then, more, saw) => {
  await using scene = await openScene({ versions: VERSIONS });
  const before = await look(scene);
  const profile = withHooks(scene, [
    { name: 'drain', at: 'before-window', run: says(scene, 'drain', then), undo: says(scene, 'undo'), ...more },
  ]);
  const { exit, stdout } = await scene.upgrade(['--to', NEW, '-o', 'json', ...profile]);
  expect(exit).toBe(4);
  expect(JSON.parse(stdout)).toMatchObject({
    standing: 'untouched',
    error: { code: 'E_HOOK_FAILED', message: expect.stringMatching(saw) },
  });
  await expectUntouched(scene, before);
  expect(heard(scene).map((line) => line.split(' ')[0])).toEqual(['drain', 'undo']);
});

test('a release that fails: what was silenced speaks again, and an undo that fails stops nothing', async () => {
  await using scene = await openScene({ versions: VERSIONS, breaks: { [NEW]: 'boot' } });
  const before = await look(scene);
  const profile = withHooks(scene, [
    { name: 'silence', at: 'before-window', run: says(scene, 'silence'), undo: says(scene, 'undo', 'exit 1') },
    { name: 'gone', at: 'before-backup', run: ['/not/there'], on_failure: 'warn' },
  ]);
  expect(await scene.upgrade(['--to', NEW, ...profile])).toMatchObject({ exit: 7 });
  await expectOld(scene, before);
  expect(heard(scene).map((line) => line.split(' ')[0])).toEqual(['silence', 'undo']);
});

test('a profile in which a hook after the window would abort is refused', async () => {
  await using scene = await openScene({ versions: VERSIONS, start: false });
  const profile = withHooks(scene, [{ name: 'tell', at: 'after-health', run: ['true'], on_failure: 'abort' }]);
  const { exit, stderr } = await scene.refit(['plan', '--to', NEW, '--source', scene.releases, ...profile]);
  expect(exit).toBe(3);
  expect(stderr).toContain('saw abort of a hook at after-health, expected warn after the window');
});
