import { RefitError } from '../errors.ts';
import { collectClaims, readListing } from './claims.ts';
import type { AssetList, ReleaseHost, VerifiedArtifact } from './release.ts';
import { isDemanded, proveSignatures } from './signatures.ts';
import type { TrustPolicy } from './trust-policy.ts';
import { verify } from './verify.ts';

export interface ProofRequest {
  /** The asset's name in the release. */
  readonly name: string;
  /** What `--sha256` said. */
  readonly pinned?: string | undefined;
  readonly policy: TrustPolicy;
  readonly stop?: AbortSignal | undefined;
}

/**
 * Proves a downloaded archive by everything the policy demands; the proofs come from the release it came from. The archive is
 * read, to hash it, and not opened. Errors: those of `collectClaims`, of `verify` and of the signatures; what is missing or
 * cannot be read is a refusal, never a warning.
 */
export async function prove(
  host: ReleaseHost,
  path: string,
  list: AssetList,
  { name, pinned, policy, stop }: ProofRequest,
): Promise<VerifiedArtifact> {
  const listing = await readListing(host, list, stop);
  // Before anything is read from it. The same bytes are parsed then: fetched again they could be others.
  const overList = isDemanded(policy, 'checksums') ? await proveListing(host, list, listing, policy, stop) : [];
  const claims = await collectClaims(host, list, { name, pinned, listing: listing ?? null, stop });
  const signed = { over: 'asset', name, artifact: { kind: 'file', path } } as const;
  return await verify(host, path, claims, {
    policy,
    signatures: async () => [...overList, ...(await proveSignatures(host, list, signed, policy, stop))],
  });
}

async function proveListing(
  host: ReleaseHost,
  list: AssetList,
  data: Buffer | undefined,
  policy: TrustPolicy,
  stop: AbortSignal | undefined,
) {
  const name = 'checksums.txt';
  if (data !== undefined) {
    return await proveSignatures(
      host,
      list,
      { over: 'checksums', name, artifact: { kind: 'bytes', name, data } },
      policy,
      stop,
    );
  }
  throw new RefitError('E_DIGEST_MISSING', `Cannot verify the release: saw no ${name}, expected one that is signed`, {
    hint: 'ask the publisher for it: the profile demands a signature over it',
    facts: { file: name },
  });
}
