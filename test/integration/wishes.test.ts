import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectToFit } from '../support/json-schema.ts';
import { type Before, errorOf, expectError, expectUntouched, look } from './support/outcome.ts';
import { OLD, openScene, type Scene } from './support/scene.ts';

let scene: Scene;
let before: Before;

beforeAll(async () => {
  scene = await openScene();
  before = await look(scene);
});
afterAll(() => scene[Symbol.asyncDispose]());

const REFUSED = [
  [
    'no version',
    ['--to', 'vee'],
    3,
    'E_VERSION_UNPARSABLE',
    /saw "vee", expected a tag, a range or "latest"/,
    /v0\.2\.x/,
  ],
  [
    'a range of nothing',
    ['--to', 'v0.3.x'],
    5,
    'E_RELEASE_UNKNOWN',
    /4 releases, the nearest v0\.2\.13/,
    /--to v0\.2\.13/,
  ],
  [
    'an unknown tag',
    ['--to', 'v0.2.11'],
    5,
    'E_RELEASE_UNKNOWN',
    /v0\.2\.10 and v0\.2\.13|v0\.2\.13 and v0\.2\.10/,
    /--to v0\.2\.1/,
  ],
  [
    'an older version',
    ['--to', 'v0.2.8'],
    4,
    'E_DOWNGRADE',
    /from v0\.2\.9 down to v0\.2\.8/,
    /refit (rollback|history)/,
  ],
  ['an unknown flag', ['--frob'], 2, 'E_USAGE', /unknown option '--frob'/, /refit upgrade --help/],
  ['an unknown format', ['-o', 'yaml'], 2, 'E_USAGE', /"yaml".*table, json/, /-o json/],
  ['an unknown product', ['--product', 'frob'], 3, 'E_PROFILE_MISSING', /"frob"/, /--profile FILE/],
  ['no duration', ['--deadline', 'soon'], 2, 'E_USAGE', /--deadline: saw "soon"/, /at most 24h/],
  ['no time at all', ['--deadline', '0s'], 2, 'E_USAGE', /--deadline: saw "0s"/, /at most 24h/],
  ['a token that is not there', ['--token-file', '/nowhere'], 4, 'E_NOT_FOUND', /\/nowhere/, /./],
] as const;

test.each(REFUSED)('%s', async (_what, words, exit, code, saw, next) => {
  expectError(await scene.upgrade(words), { exit, code, saw, next });
  await expectUntouched(scene, before);
});

test('the version that is installed: nothing is done, no run is begun', async () => {
  const done = await scene.upgrade(['--to', OLD]);
  expect(done).toEqual({ exit: 0, stdout: `sample is at ${OLD} already: nothing to do\n`, stderr: '' });
  expect(fs.existsSync(scene.state)).toBe(false);
  await expectUntouched(scene, before);
});

test('nobody to ask and no --yes: the plan is shown, nothing is done', async () => {
  const { exit, stdout, stderr } = await scene.refit(['upgrade', '--to', 'latest', '--source', scene.releases]);
  expect(stdout).toContain('Upgrade sample: v0.2.9 -> v0.2.13 (asked for: latest)');
  expectError(
    { exit, stdout, stderr },
    { exit: 2, code: 'E_CONFIRMATION_NEEDED', saw: 'not a terminal', next: '--yes' },
  );
  expect(fs.existsSync(scene.state)).toBe(false);
  await expectUntouched(scene, before);
});

test('no such verb, no verb, no such page', async () => {
  expectError(await scene.bare(['frob']), {
    exit: 2,
    code: 'E_USAGE',
    saw: "unknown command 'frob'",
    next: 'refit --help',
  });
  expectError(await scene.bare(['docs', 'frob']), { exit: 2, code: 'E_USAGE', saw: '"frob"', next: 'refit docs' });
  expectError(await scene.bare(['completion', 'fish']), {
    exit: 2,
    code: 'E_USAGE',
    saw: 'bash',
    next: 'refit completion bash',
  });
});

test('there is no run to go on with', async () => {
  for (const verb of ['resume', 'attach']) {
    expectError(await scene.refit([verb]), {
      exit: 4,
      code: 'E_NO_OPEN_RUN',
      saw: 'none is open',
      next: 'refit upgrade',
    });
  }
});

test('a script is told the same as one object on stdout', async () => {
  const outcome = await scene.upgrade(['--to', 'v0.3.x', '-o', 'json']);
  expectToFit('events', outcome.stdout);
  expect(outcome).toMatchObject({ exit: 5, stderr: '' });
  expect(errorOf(outcome)).toEqual({
    code: 'E_RELEASE_UNKNOWN',
    message: expect.stringContaining('the nearest v0.2.13'),
    hint: expect.stringContaining('--to v0.2.13'),
    facts: { request: 'v0.3.x', nearest: expect.stringMatching(/^v0\.2\.13\b/) },
  });
});

const BAD = path.resolve(import.meta.dirname, '../../fixtures/profiles/bad');
const BUILTIN = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');

/** The built-in profile with some lines of its end replaced. */
function profile(name: string, edit: (text: string) => string): string {
  const file = path.join(scene.directory, name);
  fs.writeFileSync(file, edit(fs.readFileSync(BUILTIN, 'utf8')));
  return file;
}

test('a profile with unknown keys and wrong types: every problem at its place', async () => {
  const file = profile('wrong.yaml', (text) =>
    text
      .replace('soak: 300ms', 'soak: later')
      .replace('max_bytes:', 'max_bites:')
      .replace('keep_previous: true', 'keep_previous: perhaps'),
  );
  const text = fs.readFileSync(file, 'utf8').split('\n');
  const places = ['soak: later', 'max_bites:', 'keep_previous: perhaps'].map(
    (words) => text.findIndex((line) => line.includes(words)) + 1,
  );
  const outcome = await scene.upgrade(['--to', 'latest', '--profile', file]);
  expectError(outcome, {
    exit: 3,
    code: 'E_PROFILE_INVALID',
    saw: `Cannot read the profile "${file}"`,
    next: 'refit docs profile',
  });
  for (const line of places) expect(outcome.stderr).toMatch(new RegExp(`${file}:${line}:\\d+: `));
  await expectUntouched(scene, before);
});

test.each(['tabs', 'alias-bomb', 'not-yaml'])('a hostile profile: %s', async (name) => {
  const file = path.join(BAD, `${name}.profile`);
  const outcome = await scene.upgrade(['--to', 'latest', '--profile', file]);
  expectError(outcome, {
    exit: 3,
    code: 'E_PROFILE_INVALID',
    saw: new RegExp(`${name}\\.profile:\\d+:\\d+: `),
    next: 'refit docs profile',
  });
});

test('a profile that is not there', async () => {
  const outcome = await scene.upgrade(['--to', 'latest', '--profile', '/nowhere.yaml']);
  expectError(outcome, { exit: 3, code: 'E_PROFILE_MISSING', saw: '/nowhere.yaml', next: 'refit docs profile' });
});

test('refit.yaml with keys that no flag has: every one at its place', async () => {
  const file = `${scene.directory}/refit.yaml`;
  fs.writeFileSync(file, 'yess: true\nto: latest\nsauce: /somewhere\n');
  const outcome = await scene.upgrade(['--to', 'latest']);
  fs.rmSync(file);
  expectError(outcome, { exit: 3, code: 'E_CONFIG_INVALID', saw: `${file}:1:1: saw the key "yess"`, next: 'refit' });
  expect(outcome.stderr).toContain(`${file}:3:1: saw the key "sauce", expected a flag's name: did you mean "source"?`);
  await expectUntouched(scene, before);
});
