import { Readable } from 'node:stream';
import { describe, expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import type { TrustRequest } from '../../../src/release/trust/trust.ts';
import { verifyFile } from '../../../src/release/trust/verify-file.ts';
import { openWorkshop, refusalOf, type Workshop } from '../workshop.ts';
import { minisignPair } from './support/minisign.ts';
import { POLICY, privateSigstore } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const sigstore = privateSigstore();
const minisign = minisignPair();
const bundle = JSON.stringify(sigstore.sign(ARTIFACT));
const minisig = minisign.sign(ARTIFACT);

async function verified(shop: Workshop, name: string, wish: Partial<TrustRequest>) {
  const path = await shop.put(name, ARTIFACT);
  const trustedRoot = await shop.put('root.json', JSON.stringify(sigstore.root));
  return await verifyFile(shop.host.files, { kind: 'file', path }, { trustedRoot, signatures: [], ...wish });
}

describe('a signature beside the file is found', () => {
  test.each([
    ['app.tar.gz', 'app.tar.gz.sigstore.json'],
    ['app.tar.gz', 'app.tar.gz.sigstore'],
    ['app.tar.gz', 'app.tar.gz.bundle'],
    ['manifest.json', 'manifest.sig.bundle'],
    ['manifest', 'manifest.sig.bundle'],
  ])('of %s in %s', async (name, signature) => {
    await using shop = await openWorkshop();
    await shop.put(signature, bundle);
    const { proofs } = await verified(shop, name, { signer: POLICY });
    expect(proofs).toMatchObject([{ signature: `${shop.folder}/${signature}` }]);
  });

  test('and nothing else is taken for one', async () => {
    await using shop = await openWorkshop();
    await shop.put('app.sigstore.json', bundle);
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', { signer: POLICY }));
    expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code: 'E_SIGNATURE_MISSING', exit: 6 });
    expect(refusal.message).toContain('app.tar.gz.sigstore.json');
  });
});

describe('both kinds together', () => {
  const both = { signer: POLICY, minisignKey: minisign.line };

  test('are both required, and both proven', async () => {
    await using shop = await openWorkshop();
    await shop.put('app.tar.gz.sigstore.json', bundle);
    await shop.put('app.tar.gz.minisig', minisig);
    const { proofs } = await verified(shop, 'app.tar.gz', both);
    expect(proofs.map(({ method }) => method)).toEqual(['sigstore', 'minisign']);
  });

  test.each([
    ['app.tar.gz.sigstore.json', bundle, 'minisign'],
    ['app.tar.gz.minisig', minisig, 'sigstore'],
  ])('%s alone is not enough', async (name, text, missing) => {
    await using shop = await openWorkshop();
    await shop.put(name, text);
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', both));
    expect(refusal).toMatchObject({ code: 'E_SIGNATURE_MISSING', facts: { method: missing } });
  });

  test('the one that fails decides', async () => {
    await using shop = await openWorkshop();
    await shop.put('app.tar.gz.sigstore.json', bundle);
    await shop.put('app.tar.gz.minisig', minisign.sign(Buffer.from('another')));
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', both));
    expect(refusal).toMatchObject({ code: 'E_SIGNATURE_INVALID', facts: { check: 'signature' } });
  });
});

test('a file that is another one for each signature proves nothing', async () => {
  await using shop = await openWorkshop();
  const path = await shop.put('app.tar.gz', ARTIFACT);
  await shop.put('app.tar.gz.sigstore.json', bundle);
  await shop.put('app.tar.gz.minisig', minisign.sign(Buffer.from('another')));
  const trustedRoot = await shop.put('root.json', JSON.stringify(sigstore.root));
  const contents = [ARTIFACT, Buffer.from('another')];
  // Somebody writes to it between the two.
  const files = { ...shop.host.files, stream: () => Readable.from([contents.shift()]) };
  const request = { signer: POLICY, minisignKey: minisign.line, trustedRoot, signatures: [] };
  const refusal = await refusalOf(() => verifyFile(files, { kind: 'file', path }, request));
  expect(refusal).toMatchObject({ code: 'E_SIGNATURE_INVALID', facts: { check: 'digest' } });
});

describe('a signature that is named', () => {
  test('is the one that counts', async () => {
    await using shop = await openWorkshop();
    await shop.put('app.tar.gz.sigstore.json', bundle);
    const other = await shop.put('other.json', JSON.stringify(sigstore.sign(Buffer.from('another'))));
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', { signer: POLICY, signatures: [other] }));
    expect(refusal.facts).toMatchObject({ check: 'log-body', signature: other });
  });

  test.each<[string, string, string]>([
    ['of a kind nobody asked for', minisig, 'E_SIGNATURE_UNREADABLE'],
    ['of no known kind', 'signed, ada\n', 'E_SIGNATURE_UNREADABLE'],
    ['that is empty', '', 'E_SIGNATURE_UNREADABLE'],
    ['larger than any', `{"a":"${'x'.repeat(1024 * 1024)}"}`, 'E_SIGNATURE_UNREADABLE'],
  ])('%s is refused', async (_, text, code) => {
    await using shop = await openWorkshop();
    const named = await shop.put('named', text);
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', { signer: POLICY, signatures: [named] }));
    expect({ code: refusal.code, exit: exitOf(refusal) }).toEqual({ code, exit: 6 });
  });

  test('is there', async () => {
    await using shop = await openWorkshop();
    const signatures = [`${shop.folder}/none.json`];
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', { signer: POLICY, signatures }));
    expect(refusal).toMatchObject({ code: 'E_SIGNATURE_MISSING', facts: { seen: 'no file none.json' } });
  });

  test('is named once', async () => {
    await using shop = await openWorkshop();
    const signatures = [await shop.put('a.json', bundle), await shop.put('b.json', bundle)];
    const refusal = await refusalOf(() => verified(shop, 'app.tar.gz', { signer: POLICY, signatures }));
    expect(refusal).toMatchObject({ code: 'E_SIGNATURE_UNREADABLE', facts: { signature: signatures[1] } });
  });
});

test('with nobody to trust nothing is proven', async () => {
  await using shop = await openWorkshop();
  await shop.put('app.tar.gz.sigstore.json', bundle);
  expect(await refusalOf(() => verified(shop, 'app.tar.gz', {}))).toMatchObject({ code: 'E_USAGE' });
});

test('a file that is not there', async () => {
  await using shop = await openWorkshop();
  const signatures = [await shop.put('a.minisig', minisig)];
  const artifact = { kind: 'file', path: `${shop.folder}/none` } as const;
  const request = { minisignKey: minisign.line, signatures };
  expect(await refusalOf(() => verifyFile(shop.host.files, artifact, request))).toMatchObject({ code: 'E_NOT_FOUND' });
});
