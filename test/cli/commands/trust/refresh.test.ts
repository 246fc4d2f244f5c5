import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Flags } from '../../../../src/cli/context.ts';
import { ALL_VERBS } from '../../../../src/cli/verbs.ts';
import { PINNED } from '../../../../src/release/trust/kept-root.ts';
import { refreshedRootIn } from '../../../../src/runbook/store/paths.ts';
import { scratch } from '../../../host/scratch.ts';
import { privateSigstore, WHO } from '../../../release/trust/support/sigstore.ts';
import { tufRepository } from '../../../release/trust/support/tuf-repository.ts';
import { workshopAt } from '../../../runbook/workbench.ts';
import { startLoopback } from '../../../support/loopback.ts';
import { recordingTerminal } from '../../support/terminal.ts';

const sigstore = privateSigstore();
const ARTIFACT = Buffer.from('what was released');
const SIGNER = { identity: `${WHO.workflow}@${WHO.ref}`, issuer: WHO.issuer };

/** A folder where one types, with a release and a TUF root in it, and the repository of that. */
async function desk() {
  const folder = scratch();
  const loopback = await startLoopback();
  const repository = tufRepository(loopback, Buffer.from(JSON.stringify(sigstore.root)));
  repository.publish();
  fs.writeFileSync(path.join(folder, 'tuf.json'), repository.root);
  fs.writeFileSync(path.join(folder, 'app.tar.gz'), ARTIFACT);
  fs.writeFileSync(path.join(folder, 'app.tar.gz.sigstore.json'), JSON.stringify(sigstore.sign(ARTIFACT)));
  const workshop = await workshopAt(folder);
  const type = async (name: string, flags: Flags, ...files: readonly string[]) => {
    const terminal = recordingTerminal();
    const context = {
      terminal,
      output: 'json' as const,
      workshop: async () => workshop,
      environment: {},
      workingDirectory: folder,
      typed: '',
      given: new Set<string>(),
    };
    const verb = ALL_VERBS.findLast((one) => one.name === name);
    await (await verb?.load())?.(context, flags, files);
    return JSON.parse(terminal.stdout) as Record<string, unknown>;
  };
  return { folder, loopback, workshop, type, [Symbol.asyncDispose]: () => loopback[Symbol.asyncDispose]() };
}

test('refreshed into a file, which proves a release; for everybody else the pinned root stays', async () => {
  await using at = await desk();
  const flags = { mirror: `${at.loopback.url}/`, tufRoot: 'tuf.json', out: 'root.json' };
  expect(await at.type('refresh', flags)).toMatchObject({ mirror: at.loopback.url, out: `${at.folder}/root.json` });
  expect(fs.readdirSync(at.folder)).toEqual(expect.arrayContaining(['root.json', 'root.json.tuf.json']));
  const releases = at.workshop.releases;
  const artifact = { kind: 'file', path: `${at.folder}/app.tar.gz` } as const;
  const signer = { kind: 'identity', ...SIGNER } as const;
  const proven = await releases.verifyFile(artifact, {
    signer,
    signatures: [],
    trustedRoot: `${at.folder}/root.json`,
  });
  expect(proven.proofs).toHaveLength(1);
  await expect(releases.verifyFile(artifact, { signer, signatures: [] })).rejects.toMatchObject({
    code: 'E_SIGNATURE_INVALID',
    facts: { check: 'chain' },
  });
  expect(await at.type('show', {})).toMatchObject({ from: 'pinned', sha256: PINNED.sha256 });
  expect(await at.type('show', { trustedRoot: 'root.json' })).toMatchObject({
    from: 'file',
    authorities: [
      { kind: 'certificate authority', uri: 'https://fulcio.acme.example', until: '2040-01-01T00:00:00.000Z' },
      { kind: 'transparency log', from: '2020-01-01T00:00:00.000Z' },
    ],
  });
});

test('a refreshed root counts where it is newer than the pinned one, and is whole; else that one does, and show says why', async () => {
  await using at = await desk();
  await at.type('refresh', { mirror: at.loopback.url, tufRoot: 'tuf.json', out: 'root.json' });
  const kept = refreshedRootIn(at.workshop.stateDirectory);
  fs.mkdirSync(path.dirname(kept), { recursive: true });
  const text = fs.readFileSync(path.join(at.folder, 'root.json.tuf.json'), 'utf8');
  const put = (targets: number, rest = '') =>
    fs.writeFileSync(kept, text.replace(/("versions": \{[^}]*"targets": )\d+/, `$1${targets}`) + rest);
  const artifact = { kind: 'file', path: `${at.folder}/app.tar.gz` } as const;
  const proves = () =>
    at.workshop.releases.verifyFile(artifact, { signer: { kind: 'identity', ...SIGNER }, signatures: [] });

  put(PINNED.targets + 1);
  expect(await at.type('show', {})).toMatchObject({ from: 'refreshed', path: kept, mirror: at.loopback.url });
  expect((await proves()).proofs).toHaveLength(1);
  put(PINNED.targets - 1);
  const older = { from: 'pinned', passedOver: expect.stringContaining('is older than the pinned root') };
  expect(await at.type('show', {})).toMatchObject(older);
  await expect(proves()).rejects.toMatchObject({ code: 'E_SIGNATURE_INVALID' });
  put(PINNED.targets + 1, 'x');
  expect(await at.type('show', {})).toMatchObject({ from: 'pinned', passedOver: expect.stringContaining(kept) });
  await expect(proves()).rejects.toMatchObject({ code: 'E_SIGNATURE_INVALID' });
});

test.each<[string, Flags, string]>([
  ['a private repository for everything', { tufRoot: 'tuf.json' }, '--out FILE'],
  ['what is no URL', { mirror: 'ftp://x' }, '--mirror https://'],
])('%s', async (_, flags, next) => {
  await using at = await desk();
  await expect(at.type('refresh', flags)).rejects.toMatchObject({
    code: 'E_USAGE',
    hint: expect.stringContaining(next),
  });
});
