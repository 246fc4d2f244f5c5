import { RefitError } from '../../errors.ts';
import { CATALOGUE_MAX_BYTES, catalogueNotes, parseCatalogue } from '../catalogue.ts';
import { fetchSmall } from '../fetch-small.ts';
import { notesBeside } from '../notes/beside.ts';
import type { ReleaseHost, Source } from '../release.ts';

/**
 * A mirror that any static web server can be:
 *
 *     <URL>/releases.json      the list as GitHub's API writes it: tag_name, prerelease, draft, published_at, assets
 *     <URL>/<tag>/<asset>      the files; where an asset of the list has a URL of its own, that one
 *     <URL>/<tag>/checksums.txt
 *
 * An asset without `browser_download_url`, or with a relative one, lies at `<URL>/<tag>/<name>`; a release without
 * `assets` may hold any. Without `releases.json` (404) an exact tag still works. Release notes are each release's `body`,
 * else `<URL>/<tag>/RELEASE_NOTES.md` or `NOTES.md`.
 */
export function urlSource(host: ReleaseHost, url: string): Source {
  const root = url.endsWith('/') ? url : `${url}/`;
  const catalogue = new URL('releases.json', root).href;
  const folder = (tag: string) => new URL(`${encodeURIComponent(tag)}/`, root).href;

  /** What the last list said beside the releases. */
  let told: ReadonlyMap<string, string> = new Map();

  async function readCatalogue(stop: AbortSignal | undefined) {
    const data = await fetchSmall(host, catalogue, { maxBytes: CATALOGUE_MAX_BYTES, stop });
    if (data === undefined) return undefined;
    const text = data.toString('utf8');
    const releases = parseCatalogue(text, { origin: catalogue, folder });
    told = catalogueNotes(text, { origin: catalogue });
    return releases;
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
    async notes(wants, stop) {
      const notes = new Map<string, string>();
      for (const release of (await readCatalogue(stop)) ?? []) {
        if (!wants(release.tag)) continue;
        const text = told.get(release.tag) ?? (await notesBeside(host, release, stop));
        if (text !== undefined) notes.set(release.tag, text);
      }
      return notes;
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
