import { RefitError } from '../errors.ts';
import { collectClaims, readListing } from './claims.ts';
import type { ManifestRequest } from './manifest/manifest.ts';
import { requireMatch } from './manifest/match-manifest.ts';
import { signedManifest } from './manifest/signed-manifest.ts';
import type { AssetList, Claim, ReleaseHost, VerifiedArtifact } from './release.ts';
import { isDemanded, proveSignatures } from './signatures.ts';
import type { TrustPolicy } from './trust-policy.ts';
import { verify } from './verify.ts';

export interface ProofRequest {
  /** The asset's name in the release. */
  readonly name: string;
  /** What `--sha256` said. */
  readonly pinned?: string | undefined;
  /** What a pin says of it. */
  readonly pin?: string | undefined;
  readonly policy: TrustPolicy;
  /** Where a signed manifest names the archive: what it must be about. */
  readonly manifest?: ManifestRequest | undefined;
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
  { name, pinned, pin, policy, manifest, stop }: ProofRequest,
): Promise<VerifiedArtifact> {
  const listing = await readListing(host, list, stop);
  // Before anything is read from it. The same bytes are parsed then: fetched again they could be others.
  const overList = isDemanded(policy, 'checksums') ? await proveListing(host, list, listing, policy, stop) : [];
  const named = manifest === undefined ? undefined : await namedBy(host, list, manifest, policy, stop);
  const others = await collectClaims(host, list, { name, pinned, pin, listing: listing ?? null, stop });
  const claims = [...(named === undefined ? [] : [named.claim]), ...others];
  const signed = { over: 'asset', name, artifact: { kind: 'file', path } } as const;
  return await verify(host, path, claims, {
    policy,
    manifest: named?.evidence,
    signatures: async () => [
      ...overList,
      ...(named?.signatures ?? []),
      ...(await proveSignatures(host, list, signed, policy, stop)),
    ],
  });
}

/** What the signed manifest says of the archive. */
async function namedBy(
  host: ReleaseHost,
  list: AssetList,
  request: ManifestRequest,
  policy: TrustPolicy,
  stop: AbortSignal | undefined,
) {
  const { file, hosts } = request;
  const { manifest, sha256, signatures } = await signedManifest(host, list, { file, hosts, policy, stop });
  const claim: Claim = { from: 'manifest', sha256: requireMatch(manifest, request).sha256 };
  const { version, channel, sequence } = manifest;
  return { claim, signatures, evidence: { version, channel, sequence, sha256 } };
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
