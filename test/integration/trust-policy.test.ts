import fs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Mirror, serveReleases } from '../../scripts/serve-releases.mjs';
import { WHO } from '../release/trust/support/sigstore.ts';
import { notesOf, ofRun } from './support/journal.ts';
import { type Before, expectError, expectFailedRun, expectNew, expectUntouched, look } from './support/outcome.ts';
import { ARCH, NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';
import { type Signing, signingFor } from './support/signed.ts';
import { digestOf } from './support/tree.ts';

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
});
afterAll(async () => {
  await mirror.close();
  await scene[Symbol.asyncDispose]();
});
beforeEach(() => {
  mirror.setFaults([]);
  for (const name of fs.readdirSync(path.join(scene.releases, NEW))) {
    if (/\.(?:sigstore\.json|minisig)$/.test(name)) fs.rmSync(path.join(scene.releases, NEW, name));
  }
});

const released = (name: string): string => path.join(scene.releases, NEW, name);
const overList = () => `{ sigstore: { over: checksums, ${signing.workflow} } }`;

const upgrade = (trust: string, ...words: string[]): Promise<Outcome> =>
  scene.refit(['upgrade', '--yes', '--source', mirror.url, '--to', NEW, '--profile', signing.profile(trust), ...words]);

/** Nothing of the release is left that a later run could take for proven, and the host is as it was. */
async function expectRefused(outcome: Outcome, code: string, saw: RegExp): Promise<void> {
  expectFailedRun(outcome, { exit: 6, code, saw, next: /./ });
  await expectUntouched(scene, before);
}

test('no signature over the list that the profile demands', async () => {
  await expectRefused(await upgrade(overList()), 'E_SIGNATURE_MISSING', /no sigstore signature of it/);
});

test('a web page in place of the signature', async () => {
  signing.bundle(released('checksums.txt'));
  mirror.setFaults([`html@/${NEW}/checksums.txt.sigstore.json`]);
  await expectRefused(await upgrade(overList()), 'E_SIGNATURE_UNREADABLE', /expected a Sigstore bundle/);
});

test('the bundle of another release', async () => {
  signing.bundle(released('checksums.txt'), { over: fs.readFileSync(path.join(scene.releases, OLD, 'checksums.txt')) });
  await expectRefused(await upgrade(overList()), 'E_SIGNATURE_INVALID', /Cannot trust checksums\.txt/);
});

test('somebody else signed it, with a name that begins alike', async () => {
  signing.bundle(released('checksums.txt'), { who: { ...WHO, repository: `${WHO.repository}-evil` } });
  await expectRefused(await upgrade(overList()), 'E_SIGNER_MISMATCH', /check repository.*app-evil/);
});

test('one of two signatures that must both hold', async () => {
  signing.bundle(released('checksums.txt'));
  const trust = `{ sigstore: { over: checksums, ${signing.workflow} }, minisign: { public_key: ${signing.line} } }`;
  await expectRefused(await upgrade(trust), 'E_SIGNATURE_MISSING', /\.tar\.gz\.minisig/);
});

test('an archive that was changed on the way, though nothing but its signature is asked for: removed too', async () => {
  for (const archive of ARCHIVES) signing.minisig(released(archive));
  // What arrived in earlier runs is taken as it is.
  fs.rmSync(path.join(scene.state, 'releases'), { recursive: true, force: true });
  mirror.setFaults([`corrupt*1@/${NEW}/${ARCHIVE}`, `404@/${NEW}/checksums.txt`, `404@/${NEW}/${ARCHIVE}.sha256`]);
  const trust = `{ checksums: false, minisign: { public_key: ${signing.line} } }`;
  await expectRefused(await upgrade(trust), 'E_SIGNATURE_INVALID', /check signature/);
  expect(fs.existsSync(path.join(scene.state, 'releases', NEW, ARCHIVE))).toBe(false);
});

test('a policy that asks for nothing, or for a pattern, is refused before anything is looked at', async () => {
  const seen = mirror.requests.length;
  const refused = { exit: 3, code: 'E_PROFILE_INVALID', next: /./ };
  expectError(await upgrade('{ checksums: false }'), { ...refused, saw: 'asks for nothing' });
  const sigstore = signing.workflow.replace('acme/app', 'acme/.*');
  expectError(await upgrade(`{ sigstore: { ${sigstore} } }`), { ...refused, saw: 'expected a repository' });
  expect(mirror.requests).toHaveLength(seen);
  await expectUntouched(scene, before);
});

test('a tarball is proven by what lies beside it, before its binary is asked anything', async () => {
  const carried = path.join(scene.directory, 'carried');
  fs.mkdirSync(carried);
  for (const name of [ARCHIVE, 'checksums.txt']) fs.copyFileSync(released(name), path.join(carried, name));
  const install = (...words: string[]): Promise<Outcome> =>
    scene.refit(['install', '--from-tarball', ARCHIVE, '--profile', signing.profile(overList()), ...words], {
      cwd: carried,
    });
  const refused = { exit: 6, code: 'E_SIGNATURE_MISSING', saw: 'checksums.txt.sigstore.json', next: /./ };
  expectError(await install('--yes'), refused);
  // The digest from a person says which bytes he means, not who signed them.
  expectError(await install('--yes', '--sha256', digestOf(path.join(carried, ARCHIVE))), refused);
  signing.bundle(path.join(carried, 'checksums.txt'));
  const { exit, stdout } = await install('--dry-run', '-o', 'json');
  expect(exit).toBe(0);
  expect(JSON.parse(stdout)).toMatchObject({
    trust: { sigstore: { over: 'checksums', signer: { repository: WHO.repository } } },
    proven: { signatures: [{ proof: { signer: `${WHO.workflow}@${WHO.ref}`, issuer: WHO.issuer } }] },
  });
  await expectUntouched(scene, before);
});

test('a run goes on with the policy it was planned with, whatever became of the profile', async () => {
  const profile = signing.profile(overList());
  const fetched = await scene.refit(['fetch', '--yes', '--source', mirror.url, '--to', NEW, '--profile', profile]);
  expect(fetched).toMatchObject({ exit: 0 });
  signing.profile('{ checksums: true }');
  await expectRefused(await scene.refit(['verify', '--yes']), 'E_SIGNATURE_MISSING', /checksums\.txt\.sigstore/);
});

test('signed as demanded: upgraded, and who signed is told and kept', async () => {
  signing.bundle(released('checksums.txt'), { form: 'v0.3' });
  for (const archive of ARCHIVES) signing.minisig(released(archive));
  const trust = `{ sigstore: { over: checksums, ${signing.workflow} }, minisign: { public_key: ${signing.line} } }`;
  const plan = await scene.refit(['plan', '--source', mirror.url, '--to', NEW, '--profile', signing.profile(trust)]);
  expect(plan.stdout).toContain('trusts  its SHA-256');
  expect(plan.stdout).toContain('a minisign signature over the archive by the key');
  const outcome = await upgrade(trust, '-o', 'json');
  expect(outcome).toMatchObject({ exit: 0 });
  await expectNew(scene, before);
  const { proven } = JSON.parse(outcome.stdout) as { proven: Record<string, object> };
  const kept = {
    from: ['checksums.txt'],
    signatures: [
      {
        over: 'checksums',
        proof: {
          method: 'sigstore',
          format: 'bundle v0.3',
          signer: `${WHO.workflow}@${WHO.ref}`,
          issuer: WHO.issuer,
          integratedTime: '2026-10-09T05:17:12.000Z',
        },
      },
      { over: 'asset', proof: { method: 'minisign' } },
    ],
  };
  expect(proven[ARCHIVE]).toMatchObject(kept);
  expect(JSON.parse(fs.readFileSync(ofRun(scene, 'evidence/release.json'), 'utf8'))[ARCHIVE]).toMatchObject(kept);
  expect(fs.readFileSync(ofRun(scene, 'journal.jsonl'), 'utf8')).toContain('2026-10-09T05:17:12.000Z');
  expect(notesOf(scene)).toContain(`checksums.txt is signed by ${WHO.workflow}@${WHO.ref}`);
});
