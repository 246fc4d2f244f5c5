import { RefitError } from '../../errors.ts';
import type { Digest } from '../../host/files.ts';
import { download } from '../download.ts';
import type { Asset, Claim, ReleaseHost } from '../release.ts';
import { localPlace } from './member-url.ts';

/** A file that is going to be bundled: where it is, and what it is. */
export interface Brought extends Digest {
  readonly path: string;
  /** Fetched into a folder of ours: forgotten where it proves wrong, so that it is fetched anew. */
  readonly isOurs: boolean;
  /** Whose word the digest is, where nobody has read the file yet: it is read once, when it is bundled. */
  readonly claimedBy?: string | undefined;
}

export interface BringOptions {
  /** Where it is put, if it must be fetched. Its folder is made. */
  readonly to: string;
  readonly folder: string;
  /** What is said of it. */
  readonly claims: readonly Claim[];
  readonly maxBytes: number;
  readonly bytesPerSecond?: number | undefined;
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
}

/** Fetches an archive whole, going on where an earlier attempt was cut. One of this machine is taken where it lies. */
export async function bring(host: ReleaseHost, asset: Asset, options: BringOptions): Promise<Brought> {
  const { files } = host;
  const { to, folder, claims, maxBytes, bytesPerSecond, stop, onProgress } = options;
  const local = asset.url.startsWith('file:') ? localPlace(asset.url) : undefined;
  if (local === undefined || local.member !== undefined) {
    await files.makeDirectory(folder, { mode: 0o700 });
    const digest = await download(host, asset, { to, maxBytes, bytesPerSecond, stop, onProgress });
    return { ...digest, path: to, isOurs: true };
  }
  const path = await files.realPath(local.path);
  const size = (await files.stat(path))?.size ?? 0;
  if (size > maxBytes) {
    throw new RefitError('E_TOO_LARGE', `Cannot bundle ${path}: saw ${size} bytes, expected at most ${maxBytes}`, {
      hint: 'it is larger than the profile allows: release.max_bytes',
      facts: { path, maxBytes },
    });
  }
  const [claim] = claims;
  if (claim !== undefined) return { size, sha256: claim.sha256, path, isOurs: false, claimedBy: claim.from };
  return { ...(await files.digest(path)), path, isOurs: false };
}
