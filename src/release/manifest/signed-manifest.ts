import { createHash } from 'node:crypto';
import { RefitError } from '../../errors.ts';
import { findAsset } from '../assets.ts';
import { fetchSmall } from '../fetch-small.ts';
import type { AssetList, ReleaseHost } from '../release.ts';
import { isDemanded, proveSignatures } from '../signatures.ts';
import type { SignatureEvidence, TrustPolicy } from '../trust-policy.ts';
import type { Manifest } from './manifest.ts';
import { MANIFEST_MAX_BYTES, parseManifest } from './parse-manifest.ts';
import { refusalOf } from './refusal.ts';

export interface SignedManifest {
  readonly manifest: Manifest;
  /** Of its bytes, as signed. */
  readonly sha256: string;
  readonly signatures: readonly SignatureEvidence[];
}

export interface SignedManifestRequest {
  readonly file: string;
  readonly hosts: readonly string[];
  readonly policy: TrustPolicy;
  readonly stop?: AbortSignal | undefined;
}

/** Fetches the manifest of a release, proves its raw bytes, and only then reads them. */
export async function signedManifest(
  host: ReleaseHost,
  list: AssetList,
  { file, hosts, policy, stop }: SignedManifestRequest,
): Promise<SignedManifest> {
  // The profile's reader asks for one; a plan out of a journal could lack it.
  if (!isDemanded(policy, 'manifest')) throw refusalOf(file)('nobody who must have signed it', 'a signature over it');
  const data = await fetchManifest(host, list, file, stop);
  const signed = { over: 'manifest', name: file, artifact: { kind: 'bytes', name: file, data } } as const;
  const signatures = await proveSignatures(host, list, signed, policy, stop);
  const sha256 = createHash('sha256').update(data).digest('hex');
  return { manifest: parseManifest(data, { file, hosts }), sha256, signatures };
}

async function fetchManifest(
  host: ReleaseHost,
  list: AssetList,
  file: string,
  stop: AbortSignal | undefined,
): Promise<Buffer> {
  const asset = findAsset(list, file);
  const { url, redirects } = asset ?? {};
  const data =
    url === undefined ? undefined : await fetchSmall(host, url, { maxBytes: MANIFEST_MAX_BYTES, stop, redirects });
  if (data !== undefined) return data;
  throw new RefitError('E_DIGEST_MISSING', `Cannot verify the release: saw no ${file}, expected one that is signed`, {
    hint: 'it lies beside the archives: the release is not complete, or of another product',
    facts: { file },
  });
}
