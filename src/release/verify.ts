import { basename } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Digest, Files } from '../host/files.ts';
import { requireDemanded } from './demand.ts';
import { HEAD_BYTES, looksLikeHtml } from './looks-like.ts';
import type { ManifestEvidence } from './manifest/manifest.ts';
import type { Claim, Evidence, ReleaseHost, VerifiedArtifact } from './release.ts';
import { CHECKSUMS_ALONE, type SignatureEvidence, type TrustPolicy } from './trust-policy.ts';

/** What must hold beside the claims. */
export interface Demand {
  readonly policy: TrustPolicy;
  /** Proves the signatures. Called once the digest is as claimed: a page in place of the file is named as that. */
  readonly signatures: () => Promise<readonly SignatureEvidence[]>;
  /** One that was proven, and named this file. */
  readonly manifest?: ManifestEvidence | undefined;
}

const NO_SIGNATURE: Demand = { policy: CHECKSUMS_ALONE, signatures: async () => [] };

/**
 * Proves a file by what is claimed about its digest, all of it true, and by what the policy demands beside. Reads the file,
 * changes nothing. Errors: E_DIGEST_MISSING, E_DIGEST_MISMATCH, and those of the signatures.
 */
export async function verify(
  { files, clock }: Pick<ReleaseHost, 'files' | 'clock'>,
  path: string,
  claims: readonly Claim[],
  { policy, signatures, manifest }: Demand = NO_SIGNATURE,
): Promise<VerifiedArtifact> {
  const expected = policy.checksums || claims.length > 0 ? agreedDigest(path, claims) : undefined;
  const digest = await files.digest(path);
  const from = claims.map((claim) => claim.from);
  if (expected !== undefined) await requireDigest(files, path, expected, digest, from.join(', '));
  const held = await signatures();
  const signed = { ...(held.length > 0 && { signatures: held }), ...(manifest && { manifest }) };
  const evidence: Evidence = { method: 'sha256', ...digest, from, ...signed, at: clock.now().toISOString() };
  requireDemanded(basename(path), evidence, policy);
  return proven(path, evidence);
}

/**
 * Proves again, after a crash or in a later stage, what `evidence` of an earlier `verify` says of the same file; it must be all
 * that the policy of the plan demands.
 */
export async function verifyAgain(
  files: Files,
  path: string,
  evidence: Evidence,
  policy: TrustPolicy,
): Promise<VerifiedArtifact> {
  requireDemanded(basename(path), evidence, policy);
  await requireDigest(files, path, evidence.sha256, await files.digest(path), 'its earlier verification');
  return proven(path, evidence);
}

function proven(path: string, evidence: Evidence): VerifiedArtifact {
  return { path, evidence } as VerifiedArtifact;
}

function agreedDigest(path: string, claims: readonly Claim[]): string {
  const [first, ...others] = claims;
  if (first === undefined) {
    throw new RefitError(
      'E_DIGEST_MISSING',
      `Cannot verify ${basename(path)}: saw no digest of it, expected one in checksums.txt or ${basename(path)}.sha256`,
      { hint: 'get its SHA-256 from the publisher and pass it: --sha256 HEX', facts: { file: basename(path) } },
    );
  }
  const other = others.find(({ sha256 }) => sha256 !== first.sha256);
  if (other === undefined) return first.sha256;
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot verify ${basename(path)}: ${first.from} says ${first.sha256}, ${other.from} says ${other.sha256}`,
    {
      hint: 'one of them was changed: ask the publisher, and trust neither until then',
      facts: { file: basename(path), [first.from]: first.sha256, [other.from]: other.sha256 },
    },
  );
}

async function requireDigest(files: Files, path: string, expected: string, digest: Digest, by: string): Promise<void> {
  if (digest.sha256 === expected) return;
  const isHtml = looksLikeHtml(await files.readHead(path, HEAD_BYTES));
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot verify ${basename(path)}: saw SHA-256 ${digest.sha256}${isHtml ? ' (it looks like an HTML page)' : ''}, ` +
      `expected ${expected} by ${by}`,
    {
      hint: isHtml
        ? 'a proxy or a login page answered in place of the file: open its URL in a browser'
        : 'delete it and fetch again; if it stays so, the file or the list was changed: ask the publisher',
      facts: { file: basename(path), expected, seen: digest.sha256, size: digest.size },
    },
  );
}
