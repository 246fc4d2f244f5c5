import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Loopback, startLoopback } from '../support/loopback.ts';
import { workerOf } from './support/hold.ts';
import { type Before, expectNew, expectUntouched, look } from './support/outcome.ts';
import { signal, until } from './support/processes.ts';
import { ARCH, NEW, openScene, type Scene } from './support/scene.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const ASSET = `/${NEW}/${ARCHIVE}`;
const OTHER_ASSET = `/${NEW}/sample_linux_${ARCH === 'amd64' ? 'arm64' : 'amd64'}.tar.gz`;
const ETAG = { etag: '"one"' };

let scene: Scene;
let mirror: Loopback;
let before: Before;
const file = (name: string): Buffer => fs.readFileSync(path.join(scene.releases, name));

beforeAll(async () => {
  scene = await openScene({ versions: ['v0.2.9', NEW] });
  mirror = await startLoopback();
  for (const name of ['/releases.json', `/${NEW}/checksums.txt`, OTHER_ASSET]) mirror.on(name, { body: file(name) });
  before = await look(scene);
});
afterAll(async () => {
  await mirror[Symbol.asyncDispose]();
  await scene[Symbol.asyncDispose]();
});

const fetch = (...words: readonly string[]) =>
  scene.refit(['fetch', '--yes', '--source', mirror.url, '--to', NEW, ...words]);

interface Line {
  readonly type: string;
  readonly progress?: { readonly what?: string; readonly bytesPerSecond?: number; readonly remainingMs?: number };
}

test('a limit is kept to, and scripts are told how long it will take', async () => {
  mirror.on(ASSET, { body: file(ASSET), ranges: true, headers: ETAG, dripBytes: 1_000 });
  const { exit, stdout } = await fetch('--limit-rate', '6K', '-o', 'ndjson');
  expect(exit).toBe(0);
  const lines = stdout.trimEnd().split('\n');
  const told = lines.flatMap((line) => {
    const { progress } = JSON.parse(line) as Line;
    return progress?.what === ARCHIVE && progress.bytesPerSecond !== undefined ? [progress] : [];
  });
  // Never faster than asked for, however busy this machine is.
  for (const { bytesPerSecond } of told) expect(bytesPerSecond).toBeLessThan(9 * 1024);
  expect(told.length).toBeGreaterThan(0);
  expect(told[0]?.remainingMs).toBeGreaterThan(0);
  expect(told.at(-1)?.remainingMs).toBe(0);
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectUntouched(scene, before);
});

test('the worker killed in the middle of a fetch: resume asks for the rest alone', async () => {
  fs.rmSync(path.join(scene.state, 'releases'), { recursive: true });
  mirror.on(ASSET, { body: file(ASSET), ranges: true, headers: ETAG, stallAfter: 5_000 });
  const part = path.join(scene.state, 'releases', `${ASSET}.part`);
  const fetching = fetch();
  await until('the first bytes are on disk', () => (fs.statSync(part, { throwIfNoEntry: false })?.size ?? 0) > 0);
  signal(workerOf(scene), 'SIGKILL');
  expect(await fetching).toMatchObject({ exit: 9 });
  const { size } = fs.statSync(part);
  mirror.on(ASSET, { body: file(ASSET), ranges: true, headers: ETAG });
  const asked = mirror.requests.length;
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  const ranges = mirror.requests.slice(asked).filter((request) => request.path === ASSET);
  expect(ranges.map(({ headers }) => headers.range)).toEqual([`bytes=${size}-`]);
  await expectNew(scene, before);
});
