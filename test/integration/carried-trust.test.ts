import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { startLoopback } from '../support/loopback.ts';
import { type Before, expectError, expectFailedRun, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';
import { type Signing, signingFor } from './support/signed.ts';

// A host's policy, and releases that came in a bundle, by a pin, or from the second of two mirrors.

const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const ARCHIVES = ['amd64', 'arm64'].map((arch) => `sample_linux_${arch}.tar.gz`);

let scene: Scene;
let mirror: Mirror;
let signing: Signing;
let before: Before;

beforeAll(async () => {
  scene = await openScene({ versions: [OLD, NEW] });
  mirror = await serveReleases(scene.releases);
  signing = signingFor(scene);
  before = await look(scene);
  signing.bundle(released('checksums.txt'));
  for (const name of ARCHIVES) signing.minisig(released(name));
});
afterAll(async () => {
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});

const released = (name: string): string => path.join(scene.releases, NEW, name);
const both = () => `{ sigstore: { over: checksums, ${signing.workflow} }, minisign: { public_key: ${signing.line} } }`;
const words = (...more: readonly string[]) => ['--to', NEW, '--profile', signing.profile(both()), '--yes', ...more];
const refused = { exit: 6, code: 'E_SIGNATURE_MISSING', next: /./ };

async function bundled(name: string): Promise<string> {
  const file = path.join(scene.directory, name);
  const made = await scene.bare(['fetch', NEW, '--bundle', file, '--product', 'sample', '--source', mirror.url]);
  expect(made).toMatchObject({ exit: 0 });
  return file;
}

/** As if the publisher had never signed that. */
async function without<T>(name: string, act: () => Promise<T>): Promise<T> {
  const kept = fs.readFileSync(released(name));
  fs.rmSync(released(name));
  try {
    return await act();
  } finally {
    fs.writeFileSync(released(name), kept);
  }
}

test('a bundle without one of the signatures: untrusted, as from a mirror', async () => {
  const file = await without(`${ARCHIVE}.minisig`, () => bundled('half.refit.tar'));
  expectFailedRun(await scene.refit(['upgrade', ...words('--source', file)]), { ...refused, saw: /\.tar\.gz/ });
  await expectUntouched(scene, before);
  const list = await without('checksums.txt.sigstore.json', () => bundled('list.refit.tar'));
  expectFailedRun(await scene.refit(['install', ...words('--from-tarball', list)]), { ...refused, saw: /checksums/ });
  await expectUntouched(scene, before);
});

const pinned = (file: string): Promise<Outcome> =>
  scene.bare([
    ...['pin', '--product', 'sample', '--profile', signing.profile(both()), '--to', NEW],
    ...['--source', mirror.url, '--out', file],
  ]);

test('a pin names who had signed, and is only made of what somebody had', async () => {
  const file = path.join(scene.directory, 'signed.pin');
  await without('checksums.txt.sigstore.json', async () => {
    expectError(await pinned(file), { ...refused, saw: 'checksums.txt' });
    expect(fs.existsSync(file)).toBe(false);
  });
  expect(await pinned(file)).toMatchObject({ exit: 0 });
  const { assets } = JSON.parse(fs.readFileSync(file, 'utf8'));
  expect(assets[0].signer).toContain('release.yml@refs/tags/');
});

test('a pin is no signature: what the policy demands is looked for beside the pinned bytes', async () => {
  const file = path.join(scene.directory, 'again.pin');
  expect(await pinned(file)).toMatchObject({ exit: 0 });
  await without(`${ARCHIVE}.minisig`, async () => {
    const run = await scene.refit(['upgrade', ...words('--pinned', file)]);
    expectFailedRun(run, { ...refused, saw: /\.tar\.gz/ });
  });
  await expectUntouched(scene, before);
});

test('signatures too come from the mirror that is left; with all of them the run goes on', async () => {
  const server = await startLoopback();
  server.on('/releases.json', { body: fs.readFileSync(path.join(scene.releases, 'releases.json')) });
  const dead = server.url;
  const run = await scene.refit(['fetch', ...words('--source', dead, '--source', mirror.url)]);
  expect(run).toMatchObject({ exit: 0 });
  await server[Symbol.asyncDispose]();
  const proven = await scene.refit(['verify', '--yes']);
  expect(proven).toMatchObject({ exit: 0 });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
});

test('a bundle with all of them, its publisher gone: upgraded, and on record who signed', async () => {
  const file = await bundled('whole.refit.tar');
  const hidden = `${scene.releases}.gone`;
  fs.renameSync(scene.releases, hidden);
  const run = await scene.refit(['upgrade', ...words('--source', file, '-o', 'json')]);
  fs.renameSync(hidden, scene.releases);
  expect(run).toMatchObject({ exit: 0 });
  expect(JSON.stringify(JSON.parse(run.stdout).proven)).toContain('release.yml@refs/tags/');
});
