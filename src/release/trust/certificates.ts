import { X509Certificate } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import type { RefitError } from '../../errors.ts';
import { fromLibrary } from './from-library.ts';

/** The signer's certificate first; none where a key signed. */
export function certificatesOf(bundle: Bundle, refuse: (cause: Error) => RefitError): readonly X509Certificate[] {
  const { content } = bundle.verificationMaterial;
  return fromLibrary(() => {
    if (content.$case === 'certificate') return [new X509Certificate(content.certificate.rawBytes)];
    if (content.$case === 'publicKey') return [];
    return content.x509CertificateChain.certificates.map(({ rawBytes }) => new X509Certificate(rawBytes));
  }, refuse);
}
