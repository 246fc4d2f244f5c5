import { type KeyObject, X509Certificate } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { RefitError } from '../../errors.ts';
import { fromLibrary } from './from-library.ts';

/** A certificate read whole: OpenSSL opens one with a damaged key, and throws when it is asked for that key. */
export interface Certificate {
  /** DER. */
  readonly raw: Buffer;
  readonly key: KeyObject;
  readonly from: Date;
  readonly until: Date;
  readonly selfIssued: boolean;
}

/** The signer's certificate first; none where a key signed. */
export function certificatesOf(bundle: Bundle, refuse: (cause: Error) => RefitError): readonly Certificate[] {
  const { content } = bundle.verificationMaterial;
  return fromLibrary(() => {
    if (content.$case === 'certificate') return [readWhole(content.certificate.rawBytes)];
    if (content.$case === 'publicKey') return [];
    return content.x509CertificateChain.certificates.map(({ rawBytes }) => readWhole(rawBytes));
  }, refuse);
}

/**
 * Node looks for PEM first, anywhere in the bytes, and only then takes them as DER; the library that proves the chain reads DER
 * by position and passes over what comes after the signature. So a signer's certificate with a stranger's inside, as PEM in
 * an element more, would be the signer's for the one and the stranger's for the other.
 */
function readWhole(der: Buffer): Certificate {
  const read = new X509Certificate(der);
  const { raw, publicKey: key, validFromDate: from, validToDate: until } = read;
  if (!raw.equals(der)) throw new Error('there is more in it than one certificate in DER');
  return { raw, key, from, until, selfIssued: read.checkIssued(read) };
}
