import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { startSample } from '../../scripts/install-sample.mjs';
import { ofRun, runsOf } from './support/journal.ts';
import { expectError, expectNew, expectOld, expectUntouched, look, serverPid } from './support/outcome.ts';
import { signal, until } from './support/processes.ts';
import { NEW, OLD, openScene } from './support/scene.ts';
import { WITHOUT_POWERS } from './support/unprivileged.ts';

test('data behind a symbolic link to a directory elsewhere: upgraded and rolled back there, the link stays', async () => {
  await using scene = await openScene({ start: false });
  const { data } = scene.installed;
  const elsewhere = path.join(scene.directory, 'other-disk');
  fs.renameSync(data, elsewhere);
  fs.symlinkSync(elsewhere, data);
  await scene.start();
  const before = await look(scene);
  const secrets = fs.readFileSync(path.join(elsewhere, 'secrets.env'), 'utf8');
  expect(await scene.upgrade(['--to', NEW])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  expect((await look(scene)).contents).toEqual(before.contents);
  expect(fs.readlinkSync(data)).toBe(elsewhere);
  expect(fs.readFileSync(path.join(elsewhere, 'secrets.env'), 'utf8')).toBe(secrets);
});

test('the binary is not where the profile says', async () => {
  await using scene = await openScene();
  const { binary } = scene.installed;
  fs.renameSync(binary, `${binary}-moved`);
  const saw = `${binary} --version says nothing`;
  expectError(await scene.upgrade(['--to', NEW]), { exit: 3, code: 'E_VERSION_UNPARSABLE', saw, next: /sample v/ });
  fs.renameSync(`${binary}-moved`, binary);
  expect(await scene.answers()).toBe(OLD);
  expect(runsOf(scene)).toEqual([]);
});

test('an env file that cannot be read', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const { envFile } = scene.installed;
  fs.chmodSync(envFile, 0);
  const outcome = await scene.upgrade(['--to', NEW], { before: WITHOUT_POWERS });
  expectError(outcome, { exit: 3, code: 'E_ENV_UNREADABLE', saw: envFile, next: /sudo|ls -l/ });
  fs.chmodSync(envFile, 0o600);
  await expectUntouched(scene, before);
});

test('a state directory that cannot be', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const file = path.join(scene.directory, 'file');
  fs.writeFileSync(file, '');
  const outcome = await scene.upgrade(['--to', NEW, '--state-dir', path.join(file, 'state')]);
  expectError(outcome, { exit: 4, code: 'E_FILE', saw: `${file}/state`, next: 'namei -l' });
  await expectUntouched(scene, before);
});

test('a server that somebody started by hand is nobody that refit may stop: refused, left alone', async () => {
  await using scene = await openScene();
  signal(Number(serverPid(scene).split('\n')[0]), 'SIGKILL');
  await until('the server is gone', async () => (await scene.answers()) === undefined);
  const byHand = await startSample(scene.installed);
  onTestFinished(async () => void (await byHand.kill()));
  const outcome = await scene.upgrade(['--to', NEW]);
  const saw = 'unit-inactive (sample is failed (gone))';
  expectError(outcome, { exit: 4, code: 'E_CHECK_FAILED', saw, next: '--waive unit-inactive' });
  expect(await scene.refit(['doctor'])).toMatchObject({
    exit: 4,
    stdout: expect.stringContaining('STOP  unit-inactive'),
  });
  expect(await scene.answers()).toBe(OLD);
  expect(runsOf(scene)).toEqual([]);
});

test('a server that would start its install wizard is refused; the finding can be waived by name, and by name alone', async () => {
  await using scene = await openScene({ env: ['SAMPLE_SETUP_FORCE=false'] });
  const { envFile } = scene.installed;
  fs.writeFileSync(envFile, fs.readFileSync(envFile, 'utf8').replace('SETUP_FORCE=false', 'SETUP_FORCE=true'));
  const before = await look(scene);
  const refused = { exit: 4, code: 'E_CHECK_FAILED', saw: 'setup-force', next: '--waive setup-force' };
  expectError(await scene.upgrade(['--to', NEW]), refused);
  expectError(await scene.upgrade(['--to', NEW, '--waive', 'low-space']), refused);
  expect(runsOf(scene)).toEqual([]);
  const waived = await scene.refit(['fetch', '--yes', '--source', scene.releases, '--waive', 'setup-force']);
  expect(waived).toMatchObject({ exit: 0, stdout: expect.stringContaining('setup-force') });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectUntouched(scene, before);
});

test('a release that never gets ready: restored, with its own words', async () => {
  await using scene = await openScene({ breaks: { [NEW]: 'health' } });
  const before = await look(scene);
  const { exit, stdout } = await scene.upgrade(['--to', NEW, '--profile', quick(scene.directory)]);
  expect({ exit, happened: stdout.trimEnd().split('\n').at(-2) }).toEqual({
    exit: 7,
    happened: expect.stringMatching(/failed and restored to v0\.2\.9: .*db unreachable: broken/),
  });
  expect(fs.readdirSync(ofRun(scene, 'evidence'))).toContain('release.json');
  await expectOld(scene, before);
});

/** The built-in profile that waits a second only. */
function quick(directory: string): string {
  const builtin = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');
  const file = path.join(directory, 'quick.yaml');
  const text = fs.readFileSync(builtin, 'utf8').replace('start_timeout: 10s', 'start_timeout: 1s');
  fs.writeFileSync(file, text.replace('\n  timeout: 10s', '\n  timeout: 1s'));
  return file;
}
