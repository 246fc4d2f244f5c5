import { describe, expect, test } from 'vitest';
import { openWorkshop, refusalOf } from '../workshop.ts';
import { ecKey } from './support/authority.ts';
import { verifyPut } from './support/bench.ts';
import { POLICY, privateSigstore } from './support/sigstore.ts';

const ARTIFACT = Buffer.from('what was released');
const sigstore = privateSigstore();
const ours = ecKey();
const pemOf = ({ publicKey }: typeof ours): string => String(publicKey.export({ type: 'spki', format: 'pem' }));

describe('a bundle signed by a key without a certificate', () => {
  const put = {
    artifact: ARTIFACT,
    bundle: sigstore.sign(ARTIFACT, { form: 'v0.3', bare: ours }),
    root: sigstore.root,
  };

  test('is proven by that key', async () => {
    await using shop = await openWorkshop();
    const path = await shop.put('key.pub', pemOf(ours));
    const { proofs } = await verifyPut(shop, put, { signer: { kind: 'key', path } });
    expect(proofs).toMatchObject([{ signer: 'public key', logIndex: '4711' }]);
  });

  test.each([
    ['another key', pemOf(ecKey()), 'E_SIGNATURE_INVALID'],
    ['a private key', String(ours.privateKey.export({ type: 'pkcs8', format: 'pem' })), 'E_TRUST_UNREADABLE'],
    ['a damaged key', pemOf(ours).replace('MFkw', 'MFkX'), 'E_TRUST_UNREADABLE'],
    ['an empty file', '', 'E_TRUST_UNREADABLE'],
  ])('is not by %s', async (_, pem, code) => {
    await using shop = await openWorkshop();
    const path = await shop.put('key.pub', pem);
    expect(await refusalOf(() => verifyPut(shop, put, { signer: { kind: 'key', path } }))).toMatchObject({ code });
  });

  test('is nobody of a name', async () => {
    await using shop = await openWorkshop();
    const refusal = await refusalOf(() => verifyPut(shop, put, { signer: POLICY }));
    expect(refusal).toMatchObject({ code: 'E_SIGNER_MISMATCH', facts: { check: 'key' } });
  });
});

test('a bundle with a certificate is not proven by a key', async () => {
  await using shop = await openWorkshop();
  const path = await shop.put('key.pub', pemOf(ours));
  const put = { artifact: ARTIFACT, bundle: sigstore.sign(ARTIFACT), root: sigstore.root };
  const refusal = await refusalOf(() => verifyPut(shop, put, { signer: { kind: 'key', path } }));
  expect(refusal).toMatchObject({ code: 'E_SIGNER_MISMATCH', facts: { check: 'key' } });
});
