import { RefitError } from '../../errors.ts';
import type { Digest } from '../../host/files.ts';
import { download } from '../download.ts';
import type { Asset, ReleaseHost } from '../release.ts';
import { localPlace } from './member-url.ts';

/** A file that is going to be bundled: where it is, and what it is. */
export interface Brought extends Digest {
  readonly path: string;
  /** Fetched into a folder of ours: forgotten where it proves wrong, so that it is fetched anew. */
  readonly isOurs: boolean;
}

export interface BringOptions {
  /** Where it is put, if it must be fetched. Its folder is made. */
  readonly to: string;
  readonly folder: string;
  readonly maxBytes: number;
  readonly stop?: AbortSignal | undefined;
  readonly onProgress?: ((bytes: number, total: number | undefined) => void) | undefined;
}

/** Fetches an archive whole, going on where an earlier attempt was cut. One of this machine is taken where it lies. */
export async function bring(host: ReleaseHost, asset: Asset, options: BringOptions): Promise<Brought> {
  const { files } = host;
  const { to, folder, maxBytes, stop, onProgress } = options;
  const local = asset.url.startsWith('file:') ? localPlace(asset.url) : undefined;
  if (local === undefined || local.member !== undefined) {
    await files.makeDirectory(folder, { mode: 0o700 });
    const digest = await download(host, asset, { to, maxBytes, stop, onProgress });
    return { ...digest, path: to, isOurs: true };
  }
  const path = await files.realPath(local.path);
  const digest = await files.digest(path);
  if (digest.size > maxBytes) {
    throw new RefitError(
      'E_TOO_LARGE',
      `Cannot bundle ${path}: saw ${digest.size} bytes, expected at most ${maxBytes}`,
      {
        hint: 'it is larger than the profile allows: release.max_bytes',
        facts: { path, maxBytes },
      },
    );
  }
  return { ...digest, path, isOurs: false };
}
