import type { Proof, SignerPolicy } from './trust/trust.ts';

/** What a signature is over: the archive itself, or a list of digests or a manifest that names it. */
export type Over = 'asset' | 'checksums' | 'manifest';

/** Signatures by Sigstore. */
export interface SigstoreDemand {
  readonly over: Over;
  readonly signer: SignerPolicy;
  /** Absolute path, of a private instance. Undefined: the root pinned in this refit. Never one that travels with the release. */
  readonly trustedRoot?: string | undefined;
}

export interface MinisignDemand {
  readonly over: Over;
  /** The line of the public key. */
  readonly key: string;
}

/** What must hold before an archive is unpacked. Every part that is there is required; a plan carries it. */
export interface TrustPolicy {
  /** A digest that somebody claims. False: the signature over the archive is enough, but what is claimed must still agree. */
  readonly checksums: boolean;
  readonly sigstore?: SigstoreDemand | undefined;
  readonly minisign?: MinisignDemand | undefined;
}

/** What holds where a profile says nothing. */
export const CHECKSUMS_ALONE: TrustPolicy = { checksums: true };

/** One signature that held, and over what. */
export interface SignatureEvidence {
  readonly over: Over;
  /** SHA-256 of the file that is signed. */
  readonly sha256: string;
  readonly proof: Proof;
}
