import { expect, test } from 'vitest';
import { openWorkshop } from '../workshop.ts';
import { pem } from './support/authority.ts';
import { refusedPut } from './support/bench.ts';
import { octets, sequence } from './support/der.ts';
import { at, edit } from './support/edit.ts';
import { privateSigstore, WHO } from './support/sigstore.ts';

const THEIRS = Buffer.from('what somebody else would like');
const CERTIFICATE = 'verificationMaterial.certificate.rawBytes';
const sigstore = privateSigstore();
const signer = Buffer.from(String(at(sigstore.sign(Buffer.from('ours'), { form: 'v0.3' }), CERTIFICATE)), 'base64');

/** A certificate of four bytes of head, with an element more at its end. */
const withMore = (der: Buffer, more: Buffer): Buffer => sequence(der.subarray(4), more);

test.each<[string, (stranger: Buffer) => Buffer]>([
  ['in it, after its signature', (stranger) => withMore(signer, octets(Buffer.from(`\n${pem(stranger)}`)))],
  ['behind it', (stranger) => Buffer.concat([signer, Buffer.from(`\n${pem(stranger)}`)])],
  ['before it, in DER', (stranger) => Buffer.concat([stranger, signer])],
  ['in its place, as PEM', (stranger) => Buffer.from(pem(stranger))],
])("the signer's certificate with a stranger's %s", async (_, mix) => {
  await using shop = await openWorkshop();
  // The stranger has signed and logged it, by a certificate of the same authority.
  const forged = sigstore.sign(THEIRS, { form: 'v0.3', who: { ...WHO, repository: 'https://github.com/evil/app' } });
  const bundle = edit(forged, CERTIFICATE, (own) => mix(Buffer.from(String(own), 'base64')).toString('base64'));
  const refusal = await refusedPut(shop, { artifact: THEIRS, bundle, root: sigstore.root });
  expect(refusal).toMatchObject({
    code: 'E_SIGNATURE_UNREADABLE',
    message: expect.stringContaining('more in it than one certificate'),
  });
});
