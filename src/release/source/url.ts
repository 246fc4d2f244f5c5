import { RefitError } from '../../errors.ts';
import { CATALOGUE_MAX_BYTES, parseCatalogue } from '../catalogue.ts';
import { fetchSmall } from '../fetch-small.ts';
import type { ReleaseHost, Source } from '../release.ts';

/**
 * A mirror that any static web server can be:
 *
 *     <URL>/releases.json      the list as GitHub's API writes it: tag_name, prerelease, draft, published_at, assets
 *     <URL>/<tag>/<asset>      the files; where an asset of the list has a URL of its own, that one
 *     <URL>/<tag>/checksums.txt
 *
 * An asset without `browser_download_url`, or with a relative one, lies at `<URL>/<tag>/<name>`; a release without
 * `assets` may hold any. Without `releases.json` (404) an exact tag still works.
 */
export function urlSource(host: ReleaseHost, url: string): Source {
  const root = url.endsWith('/') ? url : `${url}/`;
  const catalogue = new URL('releases.json', root).href;
  const folder = (tag: string) => new URL(`${encodeURIComponent(tag)}/`, root).href;

  async function readCatalogue(stop: AbortSignal | undefined) {
    const data = await fetchSmall(host, catalogue, { maxBytes: CATALOGUE_MAX_BYTES, stop });
    return data === undefined ? undefined : parseCatalogue(data.toString('utf8'), { origin: catalogue, folder });
  }

  return {
    describe: () => url,
    async list(stop) {
      const releases = await readCatalogue(stop);
      if (releases !== undefined) return releases;
      throw new RefitError(
        'E_SOURCE_UNREACHABLE',
        `Cannot list the releases of ${url}: saw status 404 for ${catalogue}`,
        {
          hint: 'name the exact tag, which needs no list: --to v0.2.13',
          facts: { url: catalogue, status: 404 },
        },
      );
    },
    async find(tag, stop) {
      const releases = await readCatalogue(stop);
      if (releases === undefined) return { tag, prerelease: false, assets: [], base: folder(tag) };
      const release = releases.find((one) => one.tag === tag);
      if (release !== undefined) return release;
      throw new RefitError(
        'E_RELEASE_UNKNOWN',
        `Cannot find the release ${tag} at ${url}: saw no such tag in its list`,
        {
          hint: 'name one that exists, a range such as v0.2.x, or latest',
          facts: { tag },
        },
      );
    },
  };
}
