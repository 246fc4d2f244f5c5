import { createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import type { RefitError } from '../../errors.ts';
import { Fields } from './fields.ts';
import { fromLibrary } from './from-library.ts';
import { parseStrictJson } from './strict-json.ts';

type Refuse = (seen: string, expected: string, cause?: unknown) => RefitError;

/** Who a log entry says has signed. */
export interface EntrySigner {
  /** DER. Absent where the entry holds a bare key. */
  readonly certificate?: Buffer;
  readonly key: KeyObject;
}

/** Reads the signer out of a log entry's body. Every kind and version of entry has another place for it. */
export function signerInEntry(body: Buffer, refuse: Refuse): EntrySigner {
  const entry = new Fields(parseStrictJson(body, { numbers: 'integers', refuse }), 'body', refuse);
  const kind = `${entry.text('kind')} ${entry.text('apiVersion')}`;
  const spec = entry.object('spec');
  return fromLibrary(
    () => signerIn(kind, spec, refuse),
    (cause) => refuse(`an entry whose signer cannot be read (${cause.message})`, 'a certificate or a key', cause),
  );
}

function signerIn(kind: string, spec: Fields, refuse: Refuse): EntrySigner {
  switch (kind) {
    case 'hashedrekord 0.0.1':
      return fromPem(spec.object('signature').object('publicKey').bytes('content'));
    case 'dsse 0.0.1':
      return fromPem(only(spec.objects('signatures'), refuse).bytes('verifier'));
    case 'intoto 0.0.2':
      return fromPem(only(spec.object('content').object('envelope').objects('signatures'), refuse).bytes('publicKey'));
    case 'hashedrekord 0.0.2':
      return fromVerifier(spec.object('hashedRekordV002').object('signature').object('verifier'));
    case 'dsse 0.0.2':
      return fromVerifier(only(spec.object('dsseV002').objects('signatures'), refuse).object('verifier'));
    default:
      throw refuse(`an entry of the kind ${JSON.stringify(kind.slice(0, 80))}`, 'hashedrekord, dsse or intoto');
  }
}

function only(signatures: readonly Fields[], refuse: Refuse): Fields {
  const [first, ...others] = signatures;
  if (first === undefined || others.length > 0) throw refuse(`an entry of ${signatures.length} signatures`, 'one');
  return first;
}

function fromPem(pem: Buffer): EntrySigner {
  return pem.includes('BEGIN CERTIFICATE') ? fromCertificate(pem) : { key: createPublicKey(pem) };
}

function fromVerifier(verifier: Fields): EntrySigner {
  if (verifier.has('x509Certificate')) return fromCertificate(verifier.object('x509Certificate').bytes('rawBytes'));
  const key = verifier.object('publicKey').bytes('rawBytes');
  return { key: createPublicKey({ key, format: 'der', type: 'spki' }) };
}

function fromCertificate(bytes: Buffer): EntrySigner {
  const certificate = new X509Certificate(bytes);
  return { certificate: certificate.raw, key: certificate.publicKey };
}
