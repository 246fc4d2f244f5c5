import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { expectToFit } from '../support/json-schema.ts';
import { startLoopback } from '../support/loopback.ts';
import { type Before, expectError, expectNew, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, openScene, type Scene } from './support/scene.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const ASSET = `/${NEW}/${ARCHIVE}`;
const OTHER_ASSET = `/${NEW}/sample_linux_${ARCH === 'amd64' ? 'arm64' : 'amd64'}.tar.gz`;

let scene: Scene;
let first: Mirror;
let second: Mirror;
let before: Before;

beforeAll(async () => {
  scene = await openScene({ versions: ['v0.2.9', NEW] });
  [first, second] = [await serveReleases(scene.releases), await serveReleases(scene.releases)];
  before = await look(scene);
});
afterAll(async () => {
  await first.close();
  await second.close();
  await scene[Symbol.asyncDispose]();
});
beforeEach(() => {
  first.setFaults([]);
  second.setFaults([]);
});

const words = (...sources: readonly string[]) => ['--to', 'v0.2.x', ...sources.flatMap((name) => ['--source', name])];

test('a plan says in one line which mirror it passes by', async () => {
  first.setFaults(['404']);
  const { exit, stdout } = await scene.refit(['plan', ...words(first.url, second.url)]);
  expect(exit).toBe(0);
  const told = stdout.replace(/\n {10}/g, ' ');
  expect(told).toContain(`from    ${second.url}; ${first.url} is passed by: Cannot list the releases of ${first.url}`);
});

test('no mirror does: exit 5, and each is named', async () => {
  second.setFaults(['404']);
  const outcome = await scene.refit(['plan', ...words('http://127.0.0.1:1', second.url, '/nowhere')]);
  expectError(outcome, { exit: 5, code: 'E_SOURCE_UNREACHABLE', saw: 'from any of 3 sources', next: /curl|exact tag/ });
  for (const name of ['http://127.0.0.1:1/releases.json: ECONNREFUSED', second.url, '/nowhere'])
    expect(outcome.stderr).toContain(name);
  await expectUntouched(scene, before);
});

test('refit.yaml may name them, as a list', async () => {
  const settings = path.join(scene.directory, 'refit.yaml');
  fs.writeFileSync(settings, `source: ["${first.url}", "${second.url}"]\n`);
  first.setFaults(['404']);
  const { exit, stdout } = await scene.refit(['plan', '--to', 'v0.2.x', '-o', 'json']);
  fs.rmSync(settings);
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    source: expect.stringContaining(`${second.url}; ${first.url} is passed`),
  });
});

test('a mirror that breaks off half-way: the next one gives the rest, and the upgrade goes on', async () => {
  await using breaking = await startLoopback();
  const file = (name: string) => fs.readFileSync(path.join(scene.releases, name));
  for (const name of ['/releases.json', `/${NEW}/checksums.txt`, OTHER_ASSET]) breaking.on(name, { body: file(name) });
  breaking.on(ASSET, { body: file(ASSET), ranges: true, headers: { etag: '"one"' }, cutAfter: 8_000 }, { status: 503 });
  const asked = second.requests.length;
  const outcome = await scene.refit(['upgrade', '--yes', '-o', 'ndjson', ...words(breaking.url, second.url)]);
  expectToFit('events', outcome.stdout);
  expect(outcome).toMatchObject({ exit: 0 });
  expect(outcome.stdout).toContain(`${breaking.url}${ASSET} is passed by: Cannot fetch`);
  const [request] = second.requests.slice(asked).filter(({ path: name }) => name === ASSET);
  expect(request).toMatchObject({ status: 206, range: 'bytes=8000-' });
  await expectNew(scene, before);
});
