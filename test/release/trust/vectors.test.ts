import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import type { SignerPolicy } from '../../../src/release/trust/trust.ts';
import { verifyFile } from '../../../src/release/trust/verify-file.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';
import { sharedVectors } from './support/vectors.ts';

const BEACON = 'https://github.com/sigstore-conformance/extremely-dangerous-public-oidc-beacon';
const WORKFLOW = `${BEACON}/.github/workflows/extremely-dangerous-oidc-beacon.yml`;
const ISSUER = 'https://token.actions.githubusercontent.com';
const SIGNER: SignerPolicy = { kind: 'identity', identity: `${WORKFLOW}@refs/heads/main`, issuer: ISSUER };

/** What the vectors call the five checks. */
const CHECKS: Readonly<Record<string, string>> = {
  chain: 'chain',
  window: 'integrated-time',
  set: 'set',
  blob_signature: 'signature',
};

const vectors = sharedVectors();

describe.skipIf(vectors === undefined)('entries of the public log as legacy bundles', () => {
  const folder = path.join(vectors ?? '', 'sigstore-legacy');
  const cases = vectors === undefined ? [] : fs.readdirSync(folder).sort();
  const verified = async (name: string, signer: SignerPolicy) => {
    await using shop = await openWorkshop();
    const request = { signer, signatures: [path.join(folder, name, 'bundle.json')] };
    return await verifyFile(shop.host.files, { kind: 'file', path: path.join(folder, name, 'artifact') }, request);
  };

  test.each(cases)('%s', async (name) => {
    const expected = JSON.parse(fs.readFileSync(path.join(folder, name, 'expected.json'), 'utf8')) as {
      readonly first_failing_check: string;
    };
    const first = expected.first_failing_check.replace(/\(.*$/, '');
    if (first === 'ok') {
      const { proofs } = await verified(name, SIGNER);
      expect(proofs).toMatchObject([
        { signer: `${WORKFLOW}@refs/heads/main`, repository: BEACON, ref: 'refs/heads/main' },
      ]);
      return;
    }
    const refusal = await refusalOf(() => verified(name, SIGNER));
    expect(refusal).toMatchObject({
      code: 'E_SIGNATURE_INVALID',
      facts: { check: CHECKS[first] ?? `unknown ${first}` },
    });
  });

  test.each([
    ['an identity cut short', { ...SIGNER, identity: `${WORKFLOW}@refs/heads/mai` }, 'identity'],
    ['an identity as a pattern', { ...SIGNER, identity: '.*' }, 'identity'],
    ['another issuer', { ...SIGNER, issuer: 'https://accounts.google.com' }, 'issuer'],
    [
      'tags alone',
      { kind: 'workflow', repository: BEACON, workflow: WORKFLOW, ref: 'refs/tags/v*', issuer: ISSUER },
      'ref',
    ],
    [
      'a repository cut short',
      { kind: 'workflow', repository: BEACON.slice(0, -1), workflow: WORKFLOW, ref: '*', issuer: ISSUER },
      'repository',
    ],
  ] satisfies readonly [string, SignerPolicy, string][])('%s is another signer', async (_, signer, check) => {
    const refusal = await refusalOf(() => verified('happy-path-v0.1', signer));
    expect(refusal).toMatchObject({ code: 'E_SIGNER_MISMATCH', facts: { check } });
  });
});
