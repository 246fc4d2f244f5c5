import type { KeyObject } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';

/**
 * ECDSA over P-256 where only the digest is known, not the file: Node hands OpenSSL files, never digests. Used for
 * `refit verify sha256:…` alone; wherever there are bytes, OpenSSL verifies. False for other keys, and for a signature that
 * is not in DER's one canonical form. Throws for the point at infinity, as OpenSSL does.
 */
export function verifyDigest(digest: Buffer, key: KeyObject, signature: Buffer): boolean {
  const point = p256Point(key);
  // Whether s is the lower one of the two that fit is no matter: OpenSSL makes and takes both.
  return point !== undefined && p256.verify(signature, digest, point, { prehash: false, lowS: false, format: 'der' });
}

/** SEC 1, section 2.3.3, uncompressed. */
function p256Point(key: KeyObject): Buffer | undefined {
  if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') return undefined;
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  return Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
}
