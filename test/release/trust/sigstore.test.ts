import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { verifyFile } from '../../../src/release/trust/verify-file.ts';
import { openWorkshop, refusalOf } from '../workshop.ts';
import { fulcioExtensions } from './support/authority.ts';
import { verifyPut } from './support/bench.ts';
import { FORMS, IDENTITY, POLICY, privateSigstore, WHO } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const SHA256 = createHash('sha256').update(ARTIFACT).digest('hex');
const sigstore = privateSigstore();

describe.each(FORMS)('%s', (form) => {
  test.each([
    ['a workflow', POLICY],
    ['an identity', IDENTITY],
  ])('proves a file signed by %s', async (_, signer) => {
    await using shop = await openWorkshop();
    const bundle = sigstore.sign(ARTIFACT, { form });
    const proven = await verifyPut(shop, { artifact: ARTIFACT, bundle, root: sigstore.root }, { signer });
    expect(proven).toMatchObject({ sha256: SHA256, size: ARTIFACT.length });
    expect(proven.proofs).toEqual([
      {
        method: 'sigstore',
        format: { legacy: 'legacy cosign bundle', attestation: 'bundle v0.3' }[form as string] ?? `bundle ${form}`,
        signature: `${shop.folder}/app.bundle`,
        signer: `${WHO.workflow}@${WHO.ref}`,
        issuer: WHO.issuer,
        repository: WHO.repository,
        ref: WHO.ref,
        logIndex: '4711',
        integratedTime: '2026-10-09T05:17:12.000Z',
        predicateType: form === 'attestation' ? 'https://slsa.dev/provenance/v1' : undefined,
      },
    ]);
  });

  test('proves a digest, where the file lies elsewhere', async () => {
    await using shop = await openWorkshop();
    const signature = await shop.put('app.bundle', JSON.stringify(sigstore.sign(ARTIFACT, { form })));
    const trustedRoot = await shop.put('root.json', JSON.stringify(sigstore.root));
    const request = { signer: POLICY, trustedRoot, signatures: [signature] };
    const { files } = shop.host;
    expect(await verifyFile(files, { kind: 'digest', sha256: SHA256 }, request)).toMatchObject({ sha256: SHA256 });
    const other = createHash('sha256').update('another').digest('hex');
    const refusal = await refusalOf(() => verifyFile(files, { kind: 'digest', sha256: other }, request));
    expect(refusal.facts['check']).toBe(form === 'legacy' ? 'log-body' : 'digest');
  });
});

test('the pinned root is the default, and does not believe a private instance', async () => {
  await using shop = await openWorkshop();
  const put = { artifact: ARTIFACT, bundle: sigstore.sign(ARTIFACT), root: sigstore.root };
  const refusal = await refusalOf(() => verifyPut(shop, put, { trustedRoot: undefined }));
  expect(refusal).toMatchObject({ code: 'E_SIGNATURE_INVALID', facts: { check: 'chain' } });
});

test('a file of several chunks', async () => {
  await using shop = await openWorkshop();
  const artifact = Buffer.alloc(1_000_000, 'release ');
  const proven = await verifyPut(shop, { artifact, bundle: sigstore.sign(artifact), root: sigstore.root });
  expect(proven.size).toBe(1_000_000);
});

test.each([
  ['the deprecated extensions alone', { deprecated: WHO }],
  ['the current extensions alone', { current: WHO }],
  ['current extensions that win', { current: WHO, deprecated: { ...WHO, repository: 'https://github.com/old/name' } }],
])('%s say who signed', async (_, said) => {
  await using shop = await openWorkshop();
  const bundle = sigstore.sign(ARTIFACT, { extensions: fulcioExtensions(WHO, said) });
  const { proofs } = await verifyPut(shop, { artifact: ARTIFACT, bundle, root: sigstore.root });
  expect(proofs[0]).toMatchObject({ repository: WHO.repository, issuer: WHO.issuer, ref: WHO.ref });
});
