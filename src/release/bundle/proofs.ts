import { RefitError } from '../../errors.ts';
import { findAsset } from '../assets.ts';
import { CHECKSUMS_MAX_BYTES } from '../checksums.ts';
import { fetchSmall } from '../fetch-small.ts';
import type { Release, ReleaseHost } from '../release.ts';
import type { SmallFiles } from './claimed.ts';
import { proofNames } from './sidecars.ts';

/** Fetches what lies beside a release's archives and may prove them. What is not there is left out. */
export async function fetchProofs(
  host: ReleaseHost,
  release: Release,
  archives: readonly string[],
  stop: AbortSignal | undefined,
): Promise<SmallFiles> {
  const proofs = new Map<string, Buffer>();
  for (const name of proofNames(archives)) {
    const asset = findAsset(release, name);
    if (asset === undefined || archives.includes(name)) continue;
    const data = await whole(host, asset.url, name, stop);
    if (data !== undefined) proofs.set(name, data);
  }
  return proofs;
}

async function whole(
  host: ReleaseHost,
  url: string,
  name: string,
  stop: AbortSignal | undefined,
): Promise<Buffer | undefined> {
  try {
    return await fetchSmall(host, url, { maxBytes: CHECKSUMS_MAX_BYTES, stop });
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'E_TOO_LARGE') throw error;
    throw new RefitError(
      'E_CHECKSUMS_INVALID',
      `Cannot trust ${name}: saw more than ${CHECKSUMS_MAX_BYTES} bytes, expected a short list or a signature`,
      { hint: 'something else lies in its place: look at what the source serves', cause: error },
    );
  }
}
