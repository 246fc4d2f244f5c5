import { X509Certificate } from 'node:crypto';
import { RefitError } from '../../errors.ts';
import { certificatesOf } from '../trust/certificates.ts';
import { keyIdText, looksMinisign, parseMinisignSignature } from '../trust/minisign-text.ts';
import { parseSignature } from '../trust/parse-signature.ts';
import { unreadable } from '../trust/refusals.ts';

/** Who a signature says made it. Said, not proven: only `bundle verify` with a signer, or an upgrade's own policy, proves it. */
export function claimedSigner(name: string, data: Buffer): string {
  try {
    return looksMinisign(data) ? minisignKey(name, data) : certified(name, data);
  } catch (error) {
    if (error instanceof RefitError) return 'cannot be read';
    throw error;
  }
}

function minisignKey(name: string, data: Buffer): string {
  const { keyId } = parseMinisignSignature(data, (seen, expected) => unreadable(name, { seen, expected }));
  return `minisign key ${keyIdText(keyId)}`;
}

function certified(name: string, data: Buffer): string {
  const { bundle } = parseSignature(data, { artifact: { kind: 'file', path: name }, signature: name });
  const refuse = ({ message }: Error) => unreadable(name, { seen: message, expected: 'a certificate' });
  const [certificate] = certificatesOf(bundle, refuse);
  if (certificate === undefined) return 'a public key';
  const said = new X509Certificate(certificate.raw).subjectAltName ?? 'nobody';
  return said.replace(/^(URI|email):/, '').slice(0, 400);
}
