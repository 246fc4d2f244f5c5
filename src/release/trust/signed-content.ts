import { createHash, type KeyObject, verify } from 'node:crypto';
import type { SignedEntity } from '@sigstore/verify';
import type { RefitError } from '../../errors.ts';

/** What was signed, as the verifier asks for it. */
type SignatureContent = SignedEntity['signature'];

export interface Envelope {
  readonly payload: Buffer;
  readonly payloadType: string;
}

export interface ContentParts {
  readonly signature: Buffer;
  /** SHA-256 that a log entry's body states: of the file, or of an envelope's payload. */
  readonly digest: Buffer;
  /** SHA-256 of the bytes that were signed. */
  readonly signedDigest: Buffer;
  /** Throws where a log entry names another signer. */
  readonly requireLoggedSigner: () => void;
  readonly holds: (key: KeyObject) => boolean;
  readonly refuse: (seen: string) => RefitError;
}

/**
 * The verifier asks about the log entry first and the signature last. The entry's copy of the signature is judged after the
 * signature itself: where both are wrong, it is the signature that does not fit the file, and that is what must be said.
 */
export function signedContent(parts: ContentParts): SignatureContent {
  let sameSignature = true;
  return {
    signature: parts.signature,
    compareSignature(logged) {
      sameSignature &&= logged.equals(parts.signature);
      return true;
    },
    compareDigest: (logged) => logged.equals(parts.digest),
    compareSignedDigest: (logged) => logged.equals(parts.signedDigest),
    verifySignature(key) {
      parts.requireLoggedSigner();
      if (!parts.holds(key)) return false;
      if (!sameSignature) throw parts.refuse('another signature in the log');
      return true;
    },
  };
}

/** An envelope's signature is over type and payload together: https://github.com/secure-systems-lab/dsse/blob/master/protocol.md */
export function envelopeContent(
  { payload, payloadType }: Envelope,
  signature: Buffer,
  rest: Pick<ContentParts, 'requireLoggedSigner' | 'refuse'>,
): SignatureContent {
  const type = Buffer.from(payloadType);
  const signed = Buffer.concat([
    Buffer.from(`DSSEv1 ${type.length} `),
    type,
    Buffer.from(` ${payload.length} `),
    payload,
  ]);
  return signedContent({
    ...rest,
    signature,
    digest: createHash('sha256').update(payload).digest(),
    signedDigest: createHash('sha256').update(signed).digest(),
    holds: (key) => verify(undefined, signed, key, signature),
  });
}
