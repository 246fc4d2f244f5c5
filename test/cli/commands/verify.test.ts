import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Context, Flags } from '../../../src/cli/context.ts';
import { SIGNER_FLAGS } from '../../../src/cli/signer-flags.ts';
import { VERBS } from '../../../src/cli/verbs.ts';
import { scratch } from '../../host/scratch.ts';
import { minisignPair } from '../../release/trust/support/minisign.ts';
import { privateSigstore, WHO } from '../../release/trust/support/sigstore.ts';
import { workshopAt } from '../../runbook/workbench.ts';
import { recordingTerminal } from '../support/terminal.ts';

const ARTIFACT = Buffer.from('what was released');
const sigstore = privateSigstore();
const minisign = minisignPair();
const BY_NAME = { identity: `${WHO.workflow}@${WHO.ref}`, issuer: WHO.issuer, trustedRoot: 'root.json' };
const BY_WORKFLOW = { repository: 'acme/app', workflow: 'release.yml', ref: 'refs/tags/v*', trustedRoot: 'root.json' };

/** A folder with a release in it, where one types. */
async function desk(output: Context['output'] = 'table') {
  const folder = scratch();
  const put = (name: string, data: string | Buffer) => writeFileSync(join(folder, name), data);
  put('app.tar.gz', ARTIFACT);
  put('app.tar.gz.sigstore.json', JSON.stringify(sigstore.sign(ARTIFACT, { form: 'v0.3' })));
  put('app.tar.gz.minisig', minisign.sign(ARTIFACT));
  put('root.json', JSON.stringify(sigstore.root));
  const terminal = recordingTerminal();
  const workshop = await workshopAt(folder);
  const context = {
    terminal,
    output,
    workshop: async () => workshop,
    environment: {},
    workingDirectory: folder,
    typed: '',
    given: new Set<string>(),
  };
  const { verify } = await import('../../../src/cli/commands/verify.ts');
  return { terminal, put, type: (flags: Flags, ...files: readonly string[]) => verify(context, flags, files) };
}

test('prints what proved a file', async () => {
  const { type, terminal } = await desk();
  expect(await type({ ...BY_NAME, minisignKey: minisign.line }, 'app.tar.gz')).toBe(0);
  for (const line of [
    /^app\.tar\.gz$/m,
    /^ {2}SHA-256 {5}[0-9a-f]{64}, 17 bytes$/m,
    /^ {2}proven by {3}sigstore, bundle v0\.3: .*app\.tar\.gz\.sigstore\.json$/m,
    /^ {2}signer {6}https:\/\/github\.com\/acme\/app\/\.github\/workflows\/release\.yml@refs\/tags\/v1\.2\.3$/m,
    /^ {2}log index {3}4711$/m,
    /^ {2}logged at {3}2026-10-09T05:17:12\.000Z$/m,
    /^ {2}proven by {3}minisign, prehashed: .*app\.tar\.gz\.minisig$/m,
  ]) {
    expect(terminal.stdout).toMatch(line);
  }
});

test('-o json tells the same', async () => {
  const { type, terminal } = await desk('json');
  expect(await type(BY_WORKFLOW, 'app.tar.gz')).toBe(0);
  expect(JSON.parse(terminal.stdout)).toMatchObject({
    files: [
      { file: 'app.tar.gz', size: 17, proofs: [{ method: 'sigstore', logIndex: '4711', ref: 'refs/tags/v1.2.3' }] },
    ],
  });
});

test('control sequences in a comment do not reach the terminal', async () => {
  const { type, terminal, put } = await desk();
  put('app.tar.gz.minisig', minisign.sign(ARTIFACT, { comment: '\u001b[2Jgone' }));
  expect(await type({ minisignKey: minisign.line }, 'app.tar.gz')).toBe(0);
  expect(terminal.stdout).toContain('?[2Jgone');
});

test('a digest is as good as a file, and a file of that name wins', async () => {
  const { type, terminal, put } = await desk('json');
  const signature = ['app.tar.gz.sigstore.json'];
  const name = `sha256:${'ab'.repeat(32)}`;
  const proven = type({ ...BY_NAME, signature }, name);
  await expect(proven).rejects.toMatchObject({ code: 'E_SIGNATURE_INVALID', facts: { check: 'digest', file: name } });
  put(name, ARTIFACT);
  expect(await type({ ...BY_NAME, signature }, name)).toBe(0);
  expect(JSON.parse(terminal.stdout)).toMatchObject({ files: [{ file: name, size: 17 }] });
});

test('a signature whose name has a comma in it', async () => {
  const { type, put, terminal } = await desk('json');
  put('a,b.json', JSON.stringify(sigstore.sign(ARTIFACT)));
  expect(await type({ ...BY_NAME, signature: ['a,b.json'] }, 'app.tar.gz')).toBe(0);
  const signature = expect.stringMatching(/\/a,b\.json$/);
  expect(JSON.parse(terminal.stdout)).toMatchObject({ files: [{ proofs: [{ signature }] }] });
});

test('several files: all, or the first that fails', async () => {
  const { type, terminal, put } = await desk();
  put('b.txt', 'b');
  await expect(type(BY_NAME, 'app.tar.gz', 'b.txt')).rejects.toMatchObject({ code: 'E_SIGNATURE_MISSING' });
  expect(terminal.stdout).toBe('');
  put('b.txt.sigstore.json', JSON.stringify(sigstore.sign(Buffer.from('b'))));
  expect(await type(BY_NAME, 'app.tar.gz', 'b.txt')).toBe(0);
  expect(terminal.stdout).toMatch(/^app\.tar\.gz\n(?: {2}.*\n)+\nb\.txt\n/);
});

test.each<[string, Flags, string]>([
  ['a repository that begins alike', { ...BY_WORKFLOW, repository: 'acme/ap' }, 'repository'],
  ['a branch', { ...BY_WORKFLOW, ref: 'refs/heads/*' }, 'ref'],
  [
    'a workflow of another repository',
    { ...BY_WORKFLOW, workflow: 'https://github.com/acme/ci/.github/workflows/release.yml' },
    'workflow',
  ],
  ['an identity cut short', { ...BY_NAME, identity: WHO.repository }, 'identity'],
])('%s is another signer', async (_, flags, check) => {
  const { type } = await desk();
  await expect(type(flags, 'app.tar.gz')).rejects.toMatchObject({ code: 'E_SIGNER_MISMATCH', facts: { check } });
});

test.each(SIGNER_FLAGS)('without a file, %s asks what a run does not check', async (flag) => {
  const { type } = await desk();
  await expect(type({ [flag]: 'x' })).rejects.toMatchObject({ code: 'E_USAGE' });
});

test('SIGNER_FLAGS are those of the verb that no other stage has', () => {
  const own = (name: string) => VERBS.find((verb) => verb.name === name)?.flags.map(({ spelling }) => spelling) ?? [];
  const camel = own('verify')
    .filter((spelling) => !own('swap').includes(spelling))
    .map((spelling) =>
      (/--([a-z-]+)/.exec(spelling)?.[1] ?? '').replace(/-(.)/g, (_, letter: string) => letter.toUpperCase()),
    );
  expect(camel).toEqual(SIGNER_FLAGS);
});

test('without a file and a signer it is the stage', async () => {
  const { type } = await desk();
  await expect(type({})).rejects.toMatchObject({ code: 'E_NO_OPEN_RUN' });
});

describe('what is typed must say who signs', () => {
  test.each<[string, Flags, string]>([
    ['nobody', {}, 'nobody'],
    ['an identity alone', { identity: 'a@b' }, '--issuer'],
    ['an issuer alone', { issuer: 'https://a' }, '--identity'],
    ['two ways', { ...BY_NAME, ...BY_WORKFLOW }, 'one of them'],
    ['a repository alone', { repository: 'acme/app' }, '--workflow and --ref'],
    ['a repository elsewhere', { ...BY_WORKFLOW, repository: 'https://gitlab.com/acme/app' }, 'owner/name'],
    ['a repository and more', { ...BY_WORKFLOW, repository: 'acme/app/x' }, 'owner/name'],
    ['a workflow that is no file', { ...BY_WORKFLOW, workflow: 'release' }, 'release.yml'],
    ['a workflow as a pattern', { ...BY_WORKFLOW, workflow: 'https://github.com/acme/*.yml' }, 'release.yml'],
    ['a ref that is none', { ...BY_WORKFLOW, ref: 'v*' }, 'refs/tags/v*'],
    ['a ref with a star inside', { ...BY_WORKFLOW, ref: 'refs/*/v1' }, 'at its end'],
  ])('%s', async (_, flags, words) => {
    const { type } = await desk();
    await expect(type(flags, 'app.tar.gz')).rejects.toMatchObject({
      code: 'E_USAGE',
      message: expect.stringContaining(words),
    });
  });

  test('and whose signature it is', async () => {
    const { type } = await desk();
    const flags = { ...BY_NAME, signature: ['app.tar.gz.sigstore.json'] };
    await expect(type(flags, 'app.tar.gz', 'app.tar.gz')).rejects.toMatchObject({ code: 'E_USAGE' });
  });
});
