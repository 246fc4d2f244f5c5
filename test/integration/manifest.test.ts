import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import type { Json } from '../../src/release/trust/strict-json.ts';
import { edit } from '../release/trust/support/edit.ts';
import { WHO } from '../release/trust/support/sigstore.ts';
import { type Front, openFront } from './support/front.ts';
import { ofRun } from './support/journal.ts';
import { type Before, expectError, expectFailedRun, expectNew, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';
import { type Signing, signingFor } from './support/signed.ts';
import { digestOf } from './support/tree.ts';

const NAMES = { amd64: 'x86_64-linux', arm64: 'aarch64-linux' } as const;
const ARCHIVE = `sample_linux_${ARCH}.tar.gz`;
const MIDDLE = 'v0.2.12';

let scene: Scene;
let mirror: Mirror;
let front: Front;
let signing: Signing;
let before: Before;

beforeAll(async () => {
  scene = await openScene({ versions: [OLD, MIDDLE, NEW] });
  mirror = await serveReleases(scene.releases);
  front = await openFront(mirror);
  signing = signingFor(scene);
  before = await look(scene);
});
afterAll(async () => {
  await front[Symbol.asyncDispose]();
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});
beforeEach(() => {
  front.redirects = {};
  put(NEW, manifestOf(NEW, 74));
});

const released = (tag: string, name: string): string => path.join(scene.releases, tag, name);

/** What a release's own pipeline would write about it. */
function manifestOf(tag: string, sequence: number): Json {
  const artefacts = Object.entries(NAMES).map(([arch, name]) => ({
    arch: name,
    sha256: digestOf(released(tag, `sample_linux_${arch}.tar.gz`)),
    url: `https://github.com/acme/app/releases/download/${tag}/sample_linux_${arch}.tar.gz`,
    variant: 'full',
  }));
  const rest = { channel: 'stable', device_type: 'sample', released_at: '2026-09-07T04:11:32Z', sequence };
  return { artefacts, ...rest, version: tag.slice(1) };
}

/** Writes and signs it, by default whoever the profile names. */
function put(tag: string, manifest: Json, options: Parameters<Signing['bundle']>[1] = {}): void {
  fs.writeFileSync(released(tag, 'manifest.json'), `${JSON.stringify(manifest)}\n`);
  signing.bundle(released(tag, 'manifest.json'), options);
}

const profile = (): string =>
  signing.profile(
    [
      `{ sigstore: { over: manifest, ${signing.workflow} } }`,
      'channels: [stable, beta]',
      `manifest: { device_type: sample, variant: full, arches: { amd64: ${NAMES.amd64}, arm64: ${NAMES.arm64} }, hosts: [github.com], redirects: ["*.githubusercontent.com"] }`,
    ].join('\n  '),
  );

const upgrade = (...words: string[]): Promise<Outcome> =>
  scene.refit(['upgrade', '--yes', '--source', front.url, '--to', NEW, '--profile', profile(), ...words]);

async function expectRefused(outcome: Outcome, code: string, saw: RegExp, exit = 6): Promise<void> {
  expectError(outcome, { exit, code, saw, next: /./ });
  await expectUntouched(scene, before);
}

test('no signature', async () => {
  fs.rmSync(`${released(NEW, 'manifest.json')}.sigstore.json`);
  await expectRefused(
    await upgrade(),
    'E_SIGNATURE_MISSING',
    /manifest\.json\.sigstore\.json, .*manifest\.sig\.bundle/,
  );
});

test('no manifest', async () => {
  fs.rmSync(released(NEW, 'manifest.json'));
  await expectRefused(await upgrade(), 'E_DIGEST_MISSING', /no manifest\.json/);
});

test('the bundle of another manifest', async () => {
  put(NEW, manifestOf(NEW, 74), { over: Buffer.from(JSON.stringify(manifestOf(MIDDLE, 73))) });
  await expectRefused(await upgrade(), 'E_SIGNATURE_INVALID', /Cannot trust manifest\.json/);
});

test('one byte changed', async () => {
  const file = released(NEW, 'manifest.json');
  fs.writeFileSync(file, fs.readFileSync(file, 'utf8').replace('"sequence":74', '"sequence":94'));
  await expectRefused(await upgrade(), 'E_SIGNATURE_INVALID', /check (?:digest|log-body|signature)/);
});

test('signed by another repository', async () => {
  put(NEW, manifestOf(NEW, 74), { who: { ...WHO, repository: `${WHO.repository}-evil` } });
  await expectRefused(await upgrade(), 'E_SIGNER_MISMATCH', /app-evil/);
});

test.each<[string, string, Json, RegExp]>([
  ['another version', 'version', MIDDLE.slice(1), /the version "0\.2\.12", expected "v0\.2\.13"/],
  ['another channel', 'channel', 'nightly', /the channel "nightly", expected "stable"/],
  ['another device', 'device_type', 'relay', /the device type "relay", expected "sample"/],
  ['no archive for this machine', `artefacts.${ARCH === 'amd64' ? 0 : 1}.arch`, 'riscv64-linux', /expected one for/],
  ['another variant', `artefacts.${ARCH === 'amd64' ? 0 : 1}.variant`, 'rockchip', /expected one for \S+ full/],
  ['an archive of another host', 'artefacts.0.url', 'https://github.com.evil.example/a.tar.gz', /evil\.example/],
  ['a fraction for a whole number', 'sequence', 74.5, /74\.5/],
])('signed, and of %s', async (_title, place, value, saw) => {
  put(
    NEW,
    edit(manifestOf(NEW, 74), place, () => value),
  );
  await expectRefused(await upgrade(), 'E_MANIFEST_INVALID', saw);
});

test('a channel that is allowed, of which the release is not', async () => {
  await expectRefused(
    await upgrade('--channel', 'beta'),
    'E_MANIFEST_INVALID',
    /the channel "stable", expected "beta"/,
  );
});

test.each([
  ['http elsewhere', 'http://github.com/x', /saw a redirect to http:\/\/github\.com/],
  ['another host', 'https://evil.example/x', /saw a redirect to https:\/\/evil\.example/],
  ['a host that ends alike', 'https://evilgithubusercontent.com/x', /evilgithubusercontent\.com/],
  ['itself, for ever', `/${NEW}/manifest.json`, /more than 5 redirects/],
])('a redirect to %s', async (_title, to, saw) => {
  front.redirects = { '/manifest.json': to };
  await expectRefused(await upgrade(), 'E_SOURCE_INVALID', saw, 5);
});

test('five redirects are followed, six are not', async () => {
  const steps = [1, 2, 3, 4, 5].map((step) => [`/step-${step}`, `/step-${step + 1}`]);
  const chain = (from: string, to: string) => ({ ...Object.fromEntries(steps), [from]: '/step-1', '/step-5': to });
  front.redirects = chain('/manifest.json', '/step-6');
  await expectRefused(await upgrade(), 'E_SOURCE_INVALID', /more than 5 redirects/, 5);
  const four = Object.fromEntries(steps.slice(0, 3));
  front.redirects = { ...four, [`/${NEW}/manifest.json`]: '/step-1', '/step-4': `${mirror.url}/${NEW}/manifest.json` };
  expect(await upgrade('--dry-run')).toMatchObject({ exit: 0 });
});

test('an archive that is sent elsewhere', async () => {
  front.redirects = { [ARCHIVE]: 'https://evil.example/x' };
  const saw = /saw a redirect to https:\/\/evil\.example, expected https to one of github\.com/;
  expectFailedRun(await upgrade(), { exit: 5, code: 'E_SOURCE_INVALID', saw, next: /./ });
  await expectUntouched(scene, before);
});

test('a source in the clear that is not this machine is refused before any connection', async () => {
  const outcome = await scene.refit(['plan', '--source', 'http://mirror.example', '--to', NEW, '--profile', profile()]);
  await expectRefused(outcome, 'E_SOURCE_INVALID', /saw http, expected https/, 5);
});

test('so is one that is only to be asked after another', async () => {
  const sources = ['--source', 'https://mirror.example', '--source', 'http://mirror.example'];
  const outcome = await scene.refit(['plan', ...sources, '--to', NEW, '--profile', profile()]);
  await expectRefused(outcome, 'E_SOURCE_INVALID', /http:\/\/mirror\.example: saw http, expected https/, 5);
});

test('a tarball carried here, with its manifest beside it', async () => {
  const carried = path.join(scene.directory, 'carried');
  fs.mkdirSync(carried);
  for (const name of [ARCHIVE, 'manifest.json']) fs.copyFileSync(released(NEW, name), path.join(carried, name));
  const install = () =>
    scene.refit(['install', '--dry-run', '--from-tarball', ARCHIVE, '--profile', profile()], { cwd: carried });
  await expectRefused(await install(), 'E_SIGNATURE_MISSING', /manifest\.json/);
  signing.bundle(path.join(carried, 'manifest.json'));
  expect((await install()).stdout).toContain(`${OLD} -> ${NEW}`);
  fs.writeFileSync(
    path.join(carried, 'manifest.json'),
    JSON.stringify(edit(manifestOf(NEW, 74), 'version', () => '0.2.14')),
  );
  signing.bundle(path.join(carried, 'manifest.json'));
  await expectRefused(await install(), 'E_VERSION_MISMATCH', /expected 0\.2\.14 by its manifest/);
});

test('good: upgraded, remembered, and an old one is not taken after it unless that is waived, and journaled', async () => {
  put(MIDDLE, manifestOf(MIDDLE, 80));
  const middle = await upgrade('--to', MIDDLE, '-o', 'json');
  expect(middle).toMatchObject({ exit: 0 });
  const { proven } = JSON.parse(middle.stdout) as { proven: Record<string, object> };
  expect(proven[ARCHIVE]).toMatchObject({
    from: ['manifest', 'checksums.txt'],
    manifest: { version: MIDDLE.slice(1), channel: 'stable', sequence: 80 },
    signatures: [{ over: 'manifest', proof: { signer: `${WHO.workflow}@${WHO.ref}` } }],
  });
  expect(fs.readFileSync(path.join(scene.state, 'ledger.jsonl'), 'utf8')).toContain('"sequence":80');

  const saw = /saw sequence 74, expected more than 80 of 0\.2\.12/;
  expectError(await upgrade(), { exit: 6, code: 'E_SEQUENCE_REPLAYED', saw, next: '--waive replayed-sequence' });
  expect(await scene.answers()).toBe(MIDDLE);
  put(NEW, manifestOf(NEW, 80));
  expectError(await upgrade(), { exit: 6, code: 'E_SEQUENCE_REPLAYED', saw: /saw sequence 80/, next: '--waive' });

  const waived = await upgrade('--waive', 'replayed-sequence');
  expect(waived).toMatchObject({ exit: 0 });
  expect(waived.stdout + waived.stderr).toContain('replayed-sequence: the manifest has sequence 80');
  await expectNew(scene, before);
  expect(fs.readFileSync(ofRun(scene, 'journal.jsonl'), 'utf8')).toContain('"waived":["replayed-sequence"]');
  expect(fs.readFileSync(path.join(scene.state, 'ledger.jsonl'), 'utf8')).toContain('"waived":true');
});
