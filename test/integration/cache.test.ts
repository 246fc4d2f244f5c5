import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { installSample } from '../../scripts/install-sample.mjs';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { HELD, heldWorker, holdAt } from './support/hold.ts';
import { expectNew, look } from './support/outcome.ts';
import { quietPorts } from './support/ports.ts';
import { signal } from './support/processes.ts';
import { ARCH, NEW, OLD, openScene, run, type Scene } from './support/scene.ts';

const ARCHIVES = ['amd64', 'arm64'].map((arch) => `sample_linux_${arch}.tar.gz`);
const OWN = `sample_linux_${ARCH}.tar.gz`;

let scene: Scene;
let mirror: Mirror;
beforeEach(async () => {
  scene = await openScene({ versions: [OLD, 'v0.2.10', NEW] });
  mirror = await serveReleases(scene.releases);
});
afterEach(async () => {
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});

const cacheOf = ({ state }: Scene) => path.join(path.dirname(state), 'cache/sha256');
const digestOf = (asset: string) =>
  createHash('sha256')
    .update(fs.readFileSync(path.join(scene.releases, NEW, asset)))
    .digest('hex');
const digests = () => ARCHIVES.map(digestOf).sort();
const kept = () => fs.readdirSync(cacheOf(scene)).sort();
const fetched = (since: number) =>
  mirror.requests.slice(since).flatMap(({ path: name }) => (name.endsWith('.tar.gz') ? [name] : []));
const upgrade = (...words: readonly string[]) =>
  scene.refit(['upgrade', '--yes', '--source', mirror.url, '--to', NEW, ...words]);

test('what was installed is kept once, held while it runs, and not fetched again', async () => {
  const before = await look(scene);
  expect(await upgrade()).toMatchObject({ exit: 0 });
  expect(kept()).toEqual(digests());
  expect(fs.existsSync(path.join(scene.state, 'releases', NEW))).toBe(false);
  expect(await scene.refit(['cache', 'prune'])).toMatchObject({ exit: 0, stdout: 'nothing to remove\n' });
  const { stdout } = await scene.refit(['cache', 'list', '-o', 'json']);
  const { cached } = JSON.parse(stdout) as { cached: readonly { sha256: string }[] };
  expect(cached.map(({ sha256 }) => sha256).sort()).toEqual(digests());
  for (const one of cached) expect(one).toMatchObject({ heldBy: [{ installation: 'sample', as: 'live' }] });
  const table = (await scene.refit(['cache', 'list'])).stdout;
  expect(table).toContain(`${digestOf(OWN).slice(0, 12)}  `);
  expect(table).toContain(`live of sample  sample ${NEW}: ${OWN}`);

  // What a rollback left is held too, and is there for the second try.
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  expect((await scene.refit(['cache', 'prune'])).stdout).toBe('nothing to remove\n');
  const since = mirror.requests.length;
  const again = await upgrade();
  expect(again).toMatchObject({ exit: 0, stderr: expect.stringContaining(`${OWN} is in the cache: nothing to fetch`) });
  expect(fetched(since)).toEqual([]);
  expect(kept()).toEqual(digests());
  await expectNew(scene, before);
});

test('a damaged entry is said, dropped, and fetched anew', async () => {
  expect(await upgrade()).toMatchObject({ exit: 0 });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  fs.writeFileSync(path.join(cacheOf(scene), digestOf(OWN)), 'damaged');
  const since = mirror.requests.length;
  const again = await upgrade();
  expect(again).toMatchObject({ exit: 0, stderr: expect.stringContaining(`${OWN} in the cache was damaged`) });
  expect(fetched(since)).toEqual([`/${NEW}/${OWN}`]);
  expect(kept()).toEqual(digests());
});

test('the worker killed as it puts an archive into the cache: resume ends it', async () => {
  const before = await look(scene);
  // The end of the label of the rename, and of nothing before it.
  holdAt(scene, ` to ${path.join(cacheOf(scene), digestOf(ARCHIVES[0] ?? ''))}`);
  const held = scene.refit(['upgrade', '--yes', '--source', mirror.url, '--to', NEW], { entry: HELD });
  signal(await heldWorker(scene, held), 'SIGKILL');
  expect(await held).toMatchObject({ exit: 9 });
  expect(kept()).toEqual([digestOf(ARCHIVES[0] ?? '')]);
  expect(await scene.refit(['resume'])).toMatchObject({ exit: 0 });
  expect(kept()).toEqual(digests());
  expect(fs.existsSync(path.join(scene.state, 'releases', NEW))).toBe(false);
  await expectNew(scene, before);
});

test('a release that failed keeps no download but the one in the cache, and that may go', async () => {
  const wish = ['--to', 'v0.2.10', '--source', mirror.url];
  expect(await scene.refit(['fetch', '--yes', ...wish])).toMatchObject({ exit: 0 });
  expect(await scene.refit(['verify', '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.refit(['cache', 'list'])).toMatchObject({ stdout: 'the cache is empty\n' });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  expect(fs.readdirSync(path.join(scene.state, 'releases/v0.2.10'))).toEqual([]);
  expect(kept()).toHaveLength(2);
  const dry = await scene.refit(['cache', 'prune', '--dry-run']);
  expect(dry.stdout).toMatch(/^[0-9a-f]{12} {2}.*sample v0\.2\.10: sample_linux_a[\s\S]*\nwould free /);
  expect(kept()).toHaveLength(2);
  expect((await scene.refit(['cache', 'prune', '--older-than', '1h'])).stdout).toBe('nothing to remove\n');
  const { stdout } = await scene.refit(['cache', 'prune', '--max-size', '1', '-o', 'json']);
  expect((JSON.parse(stdout) as { removed: readonly object[] }).removed).toHaveLength(2);
  expect(kept()).toEqual([]);
  for (const [flag, value] of [
    ['--older-than', 'yesterday'],
    ['--max-size', 'much'],
  ] as const)
    expect(await scene.refit(['cache', 'prune', flag, value])).toMatchObject({ exit: 2 });
});

test('two installations upgraded at once share one cache, while somebody prunes it', async () => {
  // It runs under another name than this installation has below.
  await scene.end();
  const prefix = path.join(scene.directory, 'second');
  await installSample({ prefix, releasesDir: scene.releases, version: OLD, ports: await quietPorts() });
  const state = path.join(scene.directory, 'state');
  const words = ['--yes', '--source', mirror.url, '--to', NEW, '--waive', 'unit-inactive', '--state-dir', state];
  const upgradeAs = (installation: string, root: string) =>
    run(
      [process.execPath, path.resolve(import.meta.dirname, '../../bin/refit.js'), 'upgrade', ...words].concat([
        '--installation',
        installation,
        '--prefix',
        root,
      ]),
      { env: scene.environment },
    );
  let over = false;
  const pruning = (async () => {
    let exits = 0;
    for (; !over; ) exits += (await scene.refit(['cache', 'prune', '--state-dir', state])).exit ?? 1;
    return exits;
  })();
  const both = await Promise.all([upgradeAs('one', scene.prefix), upgradeAs('two', prefix)]);
  over = true;
  expect(both.map(({ exit }) => exit)).toEqual([0, 0]);
  expect(await pruning).toBe(0);
  expect(fs.readdirSync(path.join(state, 'cache/sha256')).sort()).toEqual(digests());
  const { stdout } = await scene.refit(['cache', 'list', '-o', 'json', '--state-dir', state]);
  const { cached } = JSON.parse(stdout) as { cached: readonly { heldBy: readonly { installation: string }[] }[] };
  for (const { heldBy } of cached) expect(heldBy.map(({ installation }) => installation)).toEqual(['one', 'two']);
});
