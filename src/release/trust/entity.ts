import type { KeyObject } from 'node:crypto';
import type { Bundle } from '@sigstore/bundle';
import { HashAlgorithm } from '@sigstore/protobuf-specs';
import { type SignedEntity, toSignedEntity } from '@sigstore/verify';
import type { Examined, Hash, OverBytes } from './examine.ts';
import { type BundleSigner, LOGGED, requireLoggedSigner } from './logged.ts';
import { type Case, doesNotHold, unreadable } from './refusals.ts';
import { envelopeContent, signedContent } from './signed-content.ts';

const HASHES: Partial<Record<HashAlgorithm, Hash>> = {
  [HashAlgorithm.SHA2_256]: 'sha256',
  [HashAlgorithm.SHA2_384]: 'sha384',
  [HashAlgorithm.SHA2_512]: 'sha512',
};

/** The signature over the file itself; undefined for an envelope, whose payload names the file's digest. */
export function overBytes({ content }: Bundle, { key }: BundleSigner, about: Case): OverBytes | undefined {
  if (content.$case === 'dsseEnvelope') return undefined;
  const { signature, messageDigest } = content.messageSignature;
  const hash = HASHES[messageDigest.algorithm];
  if (hash !== undefined) return { key, signature, hash };
  throw unreadable(about.signature, { seen: `the hash ${messageDigest.algorithm}`, expected: 'SHA-256, 384 or 512' });
}

/** A bundle and its file, as the verifier takes them: it would hold the whole file in memory. */
export function entityOf(bundle: Bundle, signer: BundleSigner, examined: Examined, about: Case): SignedEntity {
  const rest = {
    requireLoggedSigner: () => requireLoggedSigner(bundle, signer, about),
    refuse: (seen: string) => doesNotHold('log-body', about, { seen, expected: LOGGED }),
  };
  return { ...toSignedEntity(bundle), signature: contentOf(bundle, signer, examined, rest) };
}

function contentOf(
  { content }: Bundle,
  signer: BundleSigner,
  examined: Examined,
  rest: Parameters<typeof envelopeContent>[2],
) {
  if (content.$case === 'dsseEnvelope') {
    const { signatures, ...envelope } = content.dsseEnvelope;
    return envelopeContent(envelope, signatures[0]?.sig ?? Buffer.alloc(0), rest);
  }
  const digest = examined.digest ?? Buffer.alloc(0);
  const { signature } = content.messageSignature;
  // The file was read by the key that OpenSSL sees in the certificate; the chain was proven for the one the library sees. That
  // they differ is refused before (certificates.ts); if not, anybody's signature would pass for the signer's.
  const holds = (key: KeyObject): boolean => examined.signed && key.equals(signer.key);
  return signedContent({ ...rest, signature, digest, signedDigest: digest, holds });
}
