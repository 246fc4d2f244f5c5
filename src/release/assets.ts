import { RefitError } from '../errors.ts';
import type { Asset, AssetList, Release } from './release.ts';

/** The asset of that name: listed, or where it would lie in a source that lists nothing. */
export function findAsset(list: AssetList, name: string): Asset | undefined {
  const { assets, base, redirects } = list;
  const listed = assets.find((asset) => asset.name === name);
  const kin = redirects === undefined ? {} : { redirects };
  if (listed !== undefined) return redirects === undefined ? listed : { ...listed, redirects };
  return base === undefined ? undefined : { name, url: new URL(encodeURIComponent(name), base).href, ...kin };
}

/** As `findAsset`, and E_RELEASE_UNKNOWN naming what the release does hold. */
export function requireAsset(release: Release, name: string): Asset {
  const asset = findAsset(release, name);
  if (asset !== undefined) return asset;
  const held = release.assets.map((one) => one.name).join(', ');
  throw new RefitError(
    'E_RELEASE_UNKNOWN',
    `Cannot find ${name} in the release ${release.tag}: saw ${held === '' ? 'no files' : held}`,
    {
      hint: 'the release was not built for this machine, or is still being published: choose another with --to',
      facts: { tag: release.tag, asset: name },
    },
  );
}
