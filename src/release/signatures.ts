import type { AssetList, ReleaseHost } from './release.ts';
import { releaseSignature } from './release-signature.ts';
import type { Artifact } from './trust/trust.ts';
import type { Over, SignatureEvidence, TrustPolicy } from './trust-policy.ts';

/** A file of a release that may be signed. */
export interface Signed {
  readonly over: Over;
  /** Under which its signatures are looked for. */
  readonly name: string;
  readonly artifact: Artifact;
}

/** Whether a policy asks for a signature over that. */
export function isDemanded({ sigstore, minisign }: TrustPolicy, over: Over): boolean {
  return sigstore?.over === over || minisign?.over === over;
}

/** Proves a file by every signature that the policy demands over it; nothing where it demands none. */
export async function proveSignatures(
  host: ReleaseHost,
  list: AssetList,
  { over, name, artifact }: Signed,
  policy: TrustPolicy,
  stop: AbortSignal | undefined,
): Promise<readonly SignatureEvidence[]> {
  if (!isDemanded(policy, over)) return [];
  const sigstore = policy.sigstore?.over === over ? policy.sigstore : undefined;
  const minisign = policy.minisign?.over === over ? policy.minisign : undefined;
  const { refreshedRoot } = host;
  const wanted = {
    signer: sigstore?.signer,
    trustedRoot: sigstore?.trustedRoot,
    refreshedRoot,
    minisignKey: minisign?.key,
  };
  // Verification alone needs 100 KiB of packages.
  const { proveFile } = await import('./trust/prove-file.ts');
  const { sha256, proofs } = await proveFile(host.files, artifact, wanted, (method) =>
    releaseSignature(host, list, { name, method, stop }),
  );
  return proofs.map((proof) => ({ over, sha256, proof }));
}
