import { basename, dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import type { Asset, AssetList } from '../release.ts';

/** A tarball that somebody put on this machine. Which version it is, only its binary can say, once it is proven. */
export interface LocalTarball {
  readonly asset: Asset;
  /** The tarball, and the folder where digests and signatures lie that prove it. */
  readonly list: AssetList;
}

/** `path` is absolute. E_NOT_FOUND where no file is there. */
export async function localTarball(files: Files, path: string): Promise<LocalTarball> {
  const real = await files.realPath(path);
  const stat = await files.stat(real);
  if (stat?.type !== 'file') {
    throw new RefitError(
      'E_NOT_FOUND',
      `Cannot use ${path}: saw a ${stat?.type ?? 'hole'}, expected a release tarball`,
      {
        hint: 'name the tarball itself: --from-tarball FILE',
        facts: { path },
      },
    );
  }
  const asset: Asset = { name: basename(path), size: stat.size, url: pathToFileURL(path).href };
  // Beside the name that was given, not beside where a link leads: that is where its owner put the proof.
  return { asset, list: { assets: [asset], base: pathToFileURL(join(dirname(path), '/')).href } };
}
