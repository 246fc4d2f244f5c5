import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { startLoopback } from '../support/loopback.ts';
import { type Before, expectError, expectFailedRun, expectNew, expectUntouched, look } from './support/outcome.ts';
import { until } from './support/processes.ts';
import { ARCH, NEW, OLD, openScene, REFIT, type Scene } from './support/scene.ts';
import { digestOf } from './support/tree.ts';

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;

let scene: Scene;
let mirror: Mirror;
let before: Before;
let good: Buffer;

beforeAll(async () => {
  scene = await openScene({ versions: ['v0.2.8', OLD, NEW] });
  mirror = await serveReleases(scene.releases);
  before = await look(scene);
  expect(await bundled('good.refit.tar')).toMatchObject({ exit: 0 });
  good = fs.readFileSync(at('good.refit.tar'));
});
afterAll(async () => {
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});

const at = (name: string): string => path.join(scene.directory, name);
/** On a machine that has nothing of the product. */
const bundled = (name: string, ...words: string[]) =>
  scene.bare(['fetch', NEW, '--bundle', at(name), '--product', 'sample', '--source', mirror.url, ...words]);
/** Carried here: the server is not asked any more. */
const carried = (words: readonly string[], name = 'good.refit.tar') => scene.refit([...words, '--source', at(name)]);

test('twice the same bytes; other architectures and releases on demand', async () => {
  expect(await bundled('again.refit.tar', '-o', 'json')).toMatchObject({ exit: 0 });
  expect(digestOf(at('again.refit.tar'))).toBe(digestOf(at('good.refit.tar')));
  const { exit, stdout } = await bundled('two.refit.tar', '--also', OLD, '--arch', ARCH, '-o', 'json');
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    path: at('two.refit.tar'),
    releases: [OLD, NEW],
    sha256: digestOf(at('two.refit.tar')),
    members: [OLD, NEW].flatMap((tag) =>
      ['checksums.txt', ARCHIVE].map((name) => ({ name: `releases/${tag}/${name}` })),
    ),
  });
  expect(fs.statSync(at('two.refit.tar')).mode & 0o777).toBe(0o644);
  expect(fs.readdirSync(scene.directory).filter((name) => name.includes('.part'))).toEqual([]);
});

test('what cannot be bundled is said', async () => {
  const usage = { exit: 2, code: 'E_USAGE' };
  const bare = (...words: string[]) => scene.bare(['fetch', ...words]);
  expectError(await bare(NEW, '--bundle', '/tmp/x.refit.tar'), {
    ...usage,
    saw: 'saw no --product',
    next: '--product',
  });
  expectError(await bundled('a.tar'), { ...usage, saw: 'end with .refit.tar', next: 'FILE.refit.tar' });
  expectError(await bundled('a.refit.tar', '--arch', 'mips'), { ...usage, saw: '"mips"', next: '--arch amd64,arm64' });
  expectError(await bundled('a.refit.tar', '--to', OLD), { ...usage, saw: `${NEW} and --to ${OLD}`, next: /./ });
  expectError(await bundled('a.refit.tar', '--with-refit'), { ...usage, saw: 'runs on Node here', next: /executable/ });
  expectError(await bundled('a.refit.tar', '--sha256', 'a'.repeat(64)), { ...usage, saw: '--sha256', next: /./ });
  expectError(await scene.refit(['fetch', '--arch', ARCH]), { ...usage, saw: 'without --bundle', next: /./ });
  const unknown = { exit: 5, code: 'E_RELEASE_UNKNOWN', saw: 'v9.9.9', next: /./ };
  expectError(await bundled('a.refit.tar', '--also', 'v9.9.9'), unknown);
  expect(fs.existsSync(at('a.refit.tar'))).toBe(false);
});

test('a mirror whose archive is not what its list says: no bundle', async () => {
  mirror.setFaults([`corrupt*1@/${NEW}/${ARCHIVE}`]);
  expectError(await bundled('bad.refit.tar'), {
    exit: 6,
    code: 'E_DIGEST_MISMATCH',
    saw: 'by checksums.txt',
    next: 'again',
  });
  expect(fs.existsSync(at('bad.refit.tar'))).toBe(false);
  mirror.setFaults([]);
  expect(await bundled('bad.refit.tar')).toMatchObject({ exit: 0 });
  expect(fs.readFileSync(at('bad.refit.tar')).equals(good)).toBe(true);
});

test('killed in the middle: no file of that name, and the next one goes on', async () => {
  await using loopback = await startLoopback();
  const file = (name: string) => fs.readFileSync(path.join(scene.releases, name));
  const other = `sample_linux_${ARCH === 'amd64' ? 'arm64' : 'amd64'}.tar.gz`;
  const [first = '', last = ''] = [ARCHIVE, other].toSorted();
  const served = (name: string) => ({ body: file(`${NEW}/${name}`), ranges: true, headers: { etag: `"${name}"` } });
  loopback.on('/releases.json', { body: file('releases.json') });
  loopback.on(`/${NEW}/checksums.txt`, { body: file(`${NEW}/checksums.txt`) });
  loopback.on(`/${NEW}/${first}`, served(first));
  loopback.on(`/${NEW}/${last}`, { ...served(last), stallAfter: 8_000 });
  const words = ['fetch', NEW, '--bundle', at('k.refit.tar'), '--product', 'sample', '--source', loopback.url];
  const child = spawn(process.execPath, [REFIT, ...words], { env: scene.environment, stdio: 'ignore' });
  const part = at(`k.refit.tar.parts/${NEW}/${last}.part`);
  await until('half of it', () => (fs.statSync(part, { throwIfNoEntry: false })?.size ?? 0) > 0);
  child.kill('SIGKILL');
  await once(child, 'exit');
  expect(fs.existsSync(at('k.refit.tar'))).toBe(false);
  const kept = fs.statSync(part).size;
  loopback.on(`/${NEW}/${last}`, served(last));
  const asked = loopback.requests.length;
  expect(await scene.bare(words)).toMatchObject({ exit: 0 });
  const again = loopback.requests.slice(asked).filter((one) => one.path.endsWith('.tar.gz'));
  expect(again.map((one) => [one.path, one.headers.range])).toEqual([[`/${NEW}/${last}`, `bytes=${kept}-`]]);
  expect(fs.readFileSync(at('k.refit.tar')).equals(good)).toBe(true);
  expect(fs.existsSync(at('k.refit.tar.parts'))).toBe(false);
});

/** The first place of a text in the bundle, one bit of it changed. */
function tampered(text: string): Buffer {
  const bytes = Buffer.from(good);
  const found = bytes.indexOf(text);
  bytes.writeUInt8(bytes.readUInt8(found) ^ 1, found);
  return bytes;
}

test('every hostile one is refused, and the host is untouched', async () => {
  const list = fs.readFileSync(path.join(scene.releases, NEW, 'checksums.txt'), 'utf8').slice(0, 40);
  const end = good.length - 1024;
  const extra = Buffer.concat([good.subarray(0, end), good.subarray(0, 512), good.subarray(end)]);
  const cases: readonly (readonly [exit: number, code: string, saw: RegExp, bytes: Buffer])[] = [
    [5, 'E_DOWNLOAD_SHORT', /bytes, expected/, good.subarray(0, good.length / 2)],
    [5, 'E_DOWNLOAD_SHORT', /saw 0 bytes/, Buffer.alloc(0)],
    [6, 'E_BUNDLE_INVALID', /index\.json first/, Buffer.alloc(4096, 'x')],
    [6, 'E_BUNDLE_INVALID', /"index\.json" twice/, extra],
    [6, 'E_BUNDLE_INVALID', /in its index/, tampered('"format"')],
    [6, 'E_BUNDLE_INVALID', /by its index/, tampered(list)],
  ];
  for (const [exit, code, saw, bytes] of cases) {
    fs.writeFileSync(at('hostile.refit.tar'), bytes);
    const outcome = await carried(['upgrade', '--yes', '--to', NEW], 'hostile.refit.tar');
    if (saw.source === 'by its index') expectFailedRun(outcome, { exit, code, saw, next: /carry it over again/ });
    else expectError(outcome, { exit, code, saw, next: /./ });
    await expectUntouched(scene, before);
  }
});

test('an index that agrees with a changed archive does not make it true: the list in it is asked', async () => {
  const old = fs.readFileSync(path.join(scene.releases, NEW, ARCHIVE));
  const evil = Buffer.from(old);
  evil.writeUInt8(evil.readUInt8(100) ^ 1, 100);
  const bytes = Buffer.from(good);
  evil.copy(bytes, bytes.indexOf(old));
  const sum = (data: Buffer) => digestOf(write('sum', data));
  const from = sum(old);
  bytes.write(sum(evil), bytes.indexOf(from));
  fs.writeFileSync(at('evil.refit.tar'), bytes);
  const outcome = await carried(['upgrade', '--yes', '--to', NEW], 'evil.refit.tar');
  expectFailedRun(outcome, { exit: 6, code: 'E_DIGEST_MISMATCH', saw: 'by checksums.txt', next: /./ });
  await expectUntouched(scene, before);
});

function write(name: string, data: Buffer): string {
  fs.writeFileSync(at(name), data);
  return at(name);
}

test('carried to where no server is: planned, installed elsewhere, upgraded', async () => {
  await mirror.close();
  const plan = await carried(['plan']);
  expect(plan.stdout).toContain(`${OLD} -> ${NEW}`);
  expect(plan.stdout).toContain(at('good.refit.tar'));
  const tarball = await scene.refit([
    'plan',
    '--source',
    path.join(scene.releases, NEW, ARCHIVE),
    '--sha256',
    digestOf(path.join(scene.releases, NEW, ARCHIVE)),
  ]);
  expect(tarball.stdout).toContain(`${OLD} -> ${NEW}`);
  const dry = await scene.refit(['install', '--from-tarball', at('good.refit.tar'), '--dry-run']);
  expect(dry.stdout).toContain(`${OLD} -> ${NEW}`);
  fs.renameSync(at('good.refit.tar'), at('renamed'));
  const done = await scene.refit(['install', '--from-tarball', at('renamed'), '--yes']);
  expect(done.exit, done.stderr).toBe(0);
  await expectNew(scene, before);
  mirror = await serveReleases(scene.releases);
});
