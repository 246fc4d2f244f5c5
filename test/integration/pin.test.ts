import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { misfits } from '../support/json-schema.ts';
import { startLoopback } from '../support/loopback.ts';
import { type Before, expectError, expectFailedRun, expectNew, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';
import { digestOf } from './support/tree.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const ARCHIVES = ['amd64', 'arm64'].map((arch) => `/${NEW}/sample_linux_${arch}.tar.gz`);

let scene: Scene;
let mirror: Mirror;
let before: Before;
let pinFile: string;

beforeAll(async () => {
  scene = await openScene({ versions: [OLD, NEW] });
  mirror = await serveReleases(scene.releases);
  before = await look(scene);
  pinFile = path.join(scene.directory, 'refit.pin');
  expect(await pin()).toMatchObject({ exit: 0 });
});
afterAll(async () => {
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});
beforeEach(() => mirror.setFaults([]));

const pin = (...words: string[]): Promise<Outcome> => pinFrom(mirror.url, ...words);

const pinFrom = (source: string, ...words: string[]): Promise<Outcome> =>
  scene.bare(['pin', '--product', 'sample', '--to', 'v0.2.x', '--source', source, '--out', pinFile, ...words]);

/** The pin with another text in it, in a file of its own. */
function edited(change: (text: string) => string): string {
  const file = path.join(scene.directory, 'edited.pin');
  fs.writeFileSync(file, change(fs.readFileSync(pinFile, 'utf8')));
  return file;
}

test('a pin holds what was proven, without an installation, and is the same each time', async () => {
  const text = fs.readFileSync(pinFile, 'utf8');
  const archive = path.join(scene.releases, NEW, ARCHIVE);
  const { assets, ...rest } = JSON.parse(text);
  expect(misfits('pin', { ...rest, assets })).toEqual([]);
  expect(rest).toMatchObject({ format: 1, product: 'sample', version: NEW, publishedAt: expect.any(String) });
  expect(assets).toHaveLength(2);
  expect(assets).toContainEqual({
    name: ARCHIVE,
    arch: ARCH,
    url: `${mirror.url}/${NEW}/${ARCHIVE}`,
    size: fs.statSync(archive).size,
    sha256: digestOf(archive),
  });
  expect(await pin()).toMatchObject({ exit: 0 });
  expect(fs.readFileSync(pinFile, 'utf8')).toBe(text);
  await expectUntouched(scene, before);
});

test('what does not prove itself is not pinned, and what was pinned stays', async () => {
  const text = fs.readFileSync(pinFile, 'utf8');
  mirror.setFaults([`corrupt@${ARCHIVE}`]);
  expectError(await pin(), { exit: 6, code: 'E_DIGEST_MISMATCH', saw: `Cannot verify ${ARCHIVE}`, next: /./ });
  mirror.setFaults([]);
  const common = { exit: 2, code: 'E_USAGE', next: /./ };
  expectError(await pinFrom(scene.releases), { ...common, saw: 'a folder of this machine' });
  await using plain = await startLoopback();
  plain.on('/releases.json', { body: fs.readFileSync(path.join(scene.releases, 'releases.json')) });
  const secret = plain.url.replace('//', '//ada:secret@');
  expectError(await pinFrom(secret), { ...common, saw: 'a password' });
  expectError(await pin('--arch', 'mips'), { ...common, saw: '"mips"' });
  expectError(await pin('--sha256', 'ab'.repeat(32)), { ...common, saw: '2 archives' });
  expectError(await pin('--product', 'none'), { exit: 3, code: 'E_PROFILE_MISSING', saw: '"none"', next: /./ });
  expect(fs.readFileSync(pinFile, 'utf8')).toBe(text);
});

describe('--pinned refuses, before anything is changed,', () => {
  const arm = (text: string) => text.replaceAll('"amd64"', '"other"').replaceAll('"arm64"', '"amd64"');
  test.each<[string, () => readonly string[], string, RegExp]>([
    ['a file that is not there', () => ['--pinned', '/nowhere/refit.pin'], 'E_PIN_MISSING', /\/nowhere\/refit\.pin/],
    [
      'an unknown key',
      () => ['--pinned', edited((text) => text.replace('{', '{ "also": 1,'))],
      'E_PIN_INVALID',
      /also/,
    ],
    ['an unknown architecture', () => ['--pinned', edited(arm)], 'E_PIN_INVALID', /"other"/],
    [
      'another product',
      () => ['--pinned', edited((text) => text.replace('"sample"', '"dockmesh"'))],
      'E_PIN_MISMATCH',
      /dockmesh, expected sample/,
    ],
    [
      'another version',
      () => ['--pinned', pinFile, '--to', 'v0.2.10'],
      'E_PIN_MISMATCH',
      /v0\.2\.10, expected v0\.2\.13/,
    ],
    ['another digest', () => ['--pinned', pinFile, '--sha256', 'ab'.repeat(32)], 'E_PIN_MISMATCH', /abab/],
  ])('%s', async (_, words, code, saw) => {
    const asked = mirror.requests.length;
    expectError(await scene.refit(['upgrade', '--yes', ...words()]), { exit: 6, code, saw, next: /./ });
    expect(mirror.requests.length).toBe(asked);
    await expectUntouched(scene, before);
  });

  test('a pin of another architecture alone', async () => {
    const other = ARCH === 'amd64' ? 'arm64' : 'amd64';
    const file = path.join(scene.directory, 'other.pin');
    expect(await pin('--arch', other, '--out', file)).toMatchObject({ exit: 0 });
    const saw = `archives for ${other}, expected one for ${ARCH}`;
    expectError(await scene.refit(['plan', '--pinned', file]), { exit: 6, code: 'E_PIN_MISMATCH', saw, next: /./ });
  });

  test('a tarball beside it', async () => {
    const words = ['plan', '--pinned', pinFile, '--from-tarball', path.join(scene.releases, NEW, ARCHIVE)];
    expectError(await scene.refit(words), { exit: 2, code: 'E_USAGE', saw: 'saw --pinned', next: '--source DIR' });
  });

  test('other bytes, which do not stay', async () => {
    const sha256 = 'ab'.repeat(32);
    const file = edited((text) => text.replaceAll(/[0-9a-f]{64}/g, sha256));
    const outcome = await scene.refit(['upgrade', '--yes', '--pinned', file]);
    const saw = new RegExp(`saw SHA-256 [0-9a-f]{64}, expected ${sha256} by refit\\.pin`);
    expectFailedRun(outcome, { exit: 6, code: 'E_DIGEST_MISMATCH', saw, next: /./ });
    expect(fs.readdirSync(path.join(scene.state, 'releases', NEW))).toEqual([]);
    await expectUntouched(scene, before);
  });
});

test('releases that are too young are passed by, and the plan tells until when', async () => {
  const { assets: _, publishedAt } = JSON.parse(fs.readFileSync(pinFile, 'utf8'));
  const weeks = Math.ceil((Date.now() - Date.parse(publishedAt)) / (7 * 86_400_000)) + 1;
  const source = ['--source', mirror.url];
  const { exit, stdout } = await scene.refit(['plan', '--min-age', `${weeks}w`, '--to', NEW, ...source]);
  expect({ exit, stdout }).toEqual({ exit: 4, stdout: '' });
  const young = {
    exit: 4,
    code: 'E_RELEASE_TOO_NEW',
    saw: /saw v0\.2\.(?:9|13), published on/,
    next: /wait until .*--allow-new/,
  };
  expectError(await scene.refit(['plan', '--min-age', `${weeks}w`, '--to', NEW, ...source]), young);
  expectError(await scene.refit(['plan', '--min-age', `${weeks}w`, '--pinned', pinFile]), young);
  expectError(await pin('--min-age', `${weeks}w`), young);
  const waived = await scene.refit(['plan', '--min-age', `${weeks}w`, '--allow-new', ...source]);
  expect(waived.stdout).toContain(`${OLD} -> ${NEW}`);
  const undated = { exit: 5, code: 'E_RELEASE_UNDATED', saw: `the age of ${NEW}`, next: '--allow-new' };
  expectError(await scene.refit(['plan', '--min-age', '1h', '--source', scene.releases]), undated);
  expectError(await scene.refit(['plan', '--min-age', 'soon', ...source]), {
    exit: 2,
    code: 'E_USAGE',
    saw: '"soon"',
    next: '--min-age 7d',
  });
  fs.writeFileSync(path.join(scene.directory, 'refit.yaml'), `min-age: ${weeks}w\n`);
  expectError(await scene.refit(['plan', ...source]), young);
  fs.rmSync(path.join(scene.directory, 'refit.yaml'));
  const byVariable = await scene.refit(['plan', ...source], { env: { REFIT_MIN_AGE: `${weeks}w` } });
  expectError(byVariable, young);
  await expectUntouched(scene, before);
});

test('where only a newer one is too young, the plan names it, and there is nothing to do', async () => {
  const { publishedAt } = JSON.parse(fs.readFileSync(pinFile, 'utf8')) as { publishedAt: string };
  const hours = Math.ceil((Date.now() - Date.parse(publishedAt)) / 3_600_000) + 1;
  const words = ['plan', '--exit-code', '--min-age', `${hours}h`, '--source', mirror.url];
  const { exit, stdout } = await scene.refit(words);
  const old = new Date(Date.parse(publishedAt) + hours * 3_600_000).toISOString().slice(0, 16);
  expect({ exit, text: stdout.replace(/\s+/g, ' ') }).toEqual({
    exit: 0,
    text: expect.stringMatching(
      new RegExp(`^sample is at ${OLD} already: nothing to do waits ${NEW}, published on .* is old enough on ${old}`),
    ),
  });
  const { tooNew } = JSON.parse((await scene.refit([...words, '-o', 'json'])).stdout);
  expect(tooNew).toMatchObject([{ tag: NEW, oldEnoughAt: expect.stringContaining(old) }]);
  await expectUntouched(scene, before);
});

test('fetch --pinned asks for the URLs of the pin alone; an open run takes no other pin', async () => {
  const asked = mirror.requests.length;
  expect(await scene.refit(['fetch', '--yes', '--pinned', pinFile])).toMatchObject({ exit: 0 });
  expect(
    mirror.requests
      .slice(asked)
      .map((request) => request.path)
      .sort(),
  ).toEqual([...ARCHIVES].sort());
  const file = edited((text) => text.replaceAll(/[0-9a-f]{64}/g, 'ab'.repeat(32)));
  const saw = 'that was not begun with it';
  expectError(await scene.refit(['upgrade', '--yes', '--pinned', file]), {
    exit: 6,
    code: 'E_PIN_MISMATCH',
    saw,
    next: /./,
  });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  fs.rmSync(path.join(scene.state, 'releases'), { recursive: true });
  expect(await scene.refit(['fetch', '--yes', '--to', NEW, '--source', mirror.url])).toMatchObject({ exit: 0 });
  expectError(await scene.refit(['fetch', '--pinned', pinFile]), { exit: 6, code: 'E_PIN_MISMATCH', saw, next: /./ });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  fs.rmSync(path.join(scene.state, 'releases'), { recursive: true });
  await expectUntouched(scene, before);
});

test('from a folder that holds the same bytes, without any network', async () => {
  await mirror.close();
  const words = ['--pinned', pinFile, '--source', scene.releases];
  const planned = await scene.refit(['plan', '--exit-code', ...words]);
  expect({ exit: planned.exit, out: planned.stdout }).toEqual({
    exit: 100,
    out: expect.stringMatching(/\(asked for:\s+\S+\/refit\.pin\)/),
  });
  expect(await scene.refit(['upgrade', '--yes', ...words])).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
  expect((await scene.refit(['plan', '--exit-code', ...words])).exit).toBe(0);
  mirror = await serveReleases(scene.releases);
});
