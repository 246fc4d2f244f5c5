import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { startLoopback } from '../support/loopback.ts';
import { type Before, expectError, expectFailedRun, expectNew, expectUntouched, look } from './support/outcome.ts';
import { until } from './support/processes.ts';
import { ARCH, NEW, type Outcome, openScene, type Scene } from './support/scene.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const ASSET = `/${NEW}/${ARCHIVE}`;
const OTHER_ASSET = `/${NEW}/sample_linux_${ARCH === 'amd64' ? 'arm64' : 'amd64'}.tar.gz`;

let scene: Scene;
let mirror: Mirror;
let before: Before;

beforeAll(async () => {
  scene = await openScene({ versions: ['v0.2.9', NEW] });
  mirror = await serveReleases(scene.releases);
  before = await look(scene);
});
afterAll(async () => {
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});
beforeEach(() => mirror.setFaults([]));

const upgrade = (...words: string[]): Promise<Outcome> => upgradeFrom(mirror.url, ...words);

const upgradeFrom = (source: string, ...words: string[]): Promise<Outcome> =>
  scene.refit(['upgrade', '--yes', '--source', source, '--to', 'v0.2.x', ...words]);

/** A profile of one's own: the built-in one, with another limit. */
function limitedTo(bytes: string): string {
  const builtin = path.resolve(import.meta.dirname, '../../src/product/profiles/sample.yaml');
  const file = path.join(scene.directory, 'small.yaml');
  fs.writeFileSync(file, fs.readFileSync(builtin, 'utf8').replace('max_bytes: 64MiB', `max_bytes: ${bytes}`));
  return file;
}

test('a web page instead of a tarball is untrusted', async () => {
  mirror.setFaults([`html@${ASSET}`]);
  const next = 'a proxy or a login page answered in place of the file';
  expectFailedRun(await upgrade(), { exit: 6, code: 'E_DIGEST_MISMATCH', saw: 'looks like an HTML page', next });
  await expectUntouched(scene, before);
});

test('more bytes than the profile allows are not taken, announced or not', async () => {
  const too = { exit: 6, code: 'E_TOO_LARGE', next: /something else than the release/ };
  const announced = await upgrade('--profile', limitedTo('4KiB'));
  expectFailedRun(announced, { ...too, saw: /saw \d+ bytes announced, expected at most 4096/ });
  mirror.setFaults([`endless@${ASSET}`]);
  const endless = await upgrade('--profile', limitedTo('1MiB'));
  expectFailedRun(endless, { ...too, saw: 'saw more than the 1048576 bytes expected at most' });
  expect(partsOf(scene)).toEqual([]);
  await expectUntouched(scene, before);
});

test('one bit wrong: refused, forgotten, and fetched anew by the next try', async () => {
  mirror.setFaults([`corrupt*1@${ASSET}`]);
  const saw = /saw SHA-256 [0-9a-f]{64}, expected [0-9a-f]{64} by checksums\.txt/;
  expectFailedRun(await upgrade(), { exit: 6, code: 'E_DIGEST_MISMATCH', saw, next: 'fetch again' });
  expect(partsOf(scene)).not.toContain(ARCHIVE);
  await expectUntouched(scene, before);
});

test('a source that is not there, or has nothing, is said at once', async () => {
  const gone = { exit: 5, code: 'E_SOURCE_UNREACHABLE' };
  expectError(await upgradeFrom('http://127.0.0.1:1'), {
    ...gone,
    saw: 'ECONNREFUSED',
    next: 'curl -I http://127.0.0.1:1',
  });
  expectError(await upgradeFrom('/nowhere/at/all'), { ...gone, saw: 'no readable folder', next: '--source' });
  mirror.setFaults(['404']);
  expectError(await upgrade(), { ...gone, saw: 'status 404', next: /exact tag/ });
  await expectUntouched(scene, before);
});

test('short after all retries: the part is kept, and the next try asks for the rest only', async () => {
  await using loopback = await startLoopback();
  const file = (name: string) => fs.readFileSync(path.join(scene.releases, name));
  const whole = { body: file(ASSET), ranges: true, headers: { etag: '"one"' } };
  loopback.on('/releases.json', { body: file('releases.json') });
  for (const name of [`/${NEW}/checksums.txt`, OTHER_ASSET]) loopback.on(name, { body: file(name) });
  loopback.on(ASSET, { ...whole, stallAfter: 8_000 }, { ...whole, cutAfter: 10 });
  const part = path.join(scene.state, 'releases', `${ASSET}.part`);
  const sizeOf = () => fs.statSync(part, { throwIfNoEntry: false })?.size ?? 0;
  const upgrading = upgradeFrom(loopback.url);
  await until('the first bytes are on disk', () => sizeOf() > 0);
  loopback.drop();
  const saw = /saw [1-9]\d* of \d+ bytes/;
  expectFailedRun(await upgrading, { exit: 5, code: 'E_DOWNLOAD_SHORT', saw, next: 'same command again' });
  const kept = sizeOf();
  expect(kept).toBeGreaterThan(0);
  await expectUntouched(scene, before);
  loopback.on(ASSET, whole);
  const asked = loopback.requests.length;
  expect(await scene.refit(['fetch', '--yes', '--source', loopback.url, '--to', NEW])).toMatchObject({ exit: 0 });
  const ranges = loopback.requests.slice(asked).filter((request) => request.path === ASSET);
  expect(ranges.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([[`bytes=${kept}-`, '"one"']]);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectUntouched(scene, before);
});

test('a busy mirror on a bad line: waits as it is told to, goes on where it was cut, and upgrades', async () => {
  fs.rmSync(path.join(scene.state, 'releases'), { recursive: true });
  mirror.setFaults([`429*1@releases.json`, `503*1@${ASSET}`, `short*1@${ASSET}`, `reset*1@${OTHER_ASSET}`]);
  const asked = mirror.requests.length;
  expect(await upgrade()).toMatchObject({ exit: 0 });
  const statuses = mirror.requests.slice(asked).map(({ status, path: name }) => `${status} ${name}`);
  expect(statuses).toEqual(
    expect.arrayContaining(['429 /releases.json', '200 /releases.json', `503 ${ASSET}`, `200 ${ASSET}`]),
  );
  await expectNew(scene, before);
});

function partsOf({ state }: Scene): readonly string[] {
  const folder = path.join(state, 'releases', NEW);
  return fs.existsSync(folder) ? fs.readdirSync(folder).filter((name) => name.startsWith(ARCHIVE)) : [];
}
