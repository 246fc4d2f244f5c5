import { RefitError } from '../errors.ts';
import type { CopyMade } from './data.ts';
import { compare, entriesOf, type Raw } from './entry.ts';
import type { DataHost } from './listing.ts';
import { readManifest } from './manifest.ts';
import type { ManifestPlace } from './manifest-lines.ts';
import { scan } from './scan.ts';
import { isLater } from './time.ts';

const WHOLE_SECOND = '.000000000';

/**
 * Of these places, as a manifest has them, those that are so by the manifest of `copied`, a copy made a moment ago of the data at
 * rest, and have not been touched since: everything in them changed last before that copy's look at the data, and no program can set
 * a ctime. Not before its manifest was written: what a stray program writes after the look is in no copy, and it can set size and
 * mtime back. Nothing is read. The same tick of the clock is no proof.
 */
export async function knownSame(
  host: DataHost,
  places: readonly ManifestPlace[],
  copied: CopyMade,
): Promise<readonly ManifestPlace[]> {
  if (places.length === 0) return [];
  const own = await manifestOf(host, copied);
  const lists = await scan(
    host,
    places.map((place) => ({ place, at: place.directory })),
  );
  return places.filter((place, index) => {
    const entries = own.find(({ path, directory }) => path === place.path && directory === place.directory)?.entries;
    const live = lists[index] ?? [];
    if (entries === undefined || live.some((entry) => !isBefore(entry, copied.tick))) return false;
    const isKept = compare(entries, entriesOf(live), { digests: false, root: true }).length === 0;
    return isKept && compare(place.entries, entries, { digests: true, root: true }).length === 0;
  });
}

/** The place's own directory holds folders of ours, which change its times; what else is in it is compared by name. */
function isBefore({ name, ctime }: Raw, tick: string): boolean {
  // A file system without room for nanoseconds has cut them off.
  const time = ctime.endsWith(WHOLE_SECOND) ? `${tick.slice(0, -WHOLE_SECOND.length)}${WHOLE_SECOND}` : tick;
  return name === '' || isLater(time, ctime);
}

/** One that is not there, not whole, or not the one on record proves nothing: everything is read then. */
async function manifestOf(
  { files }: DataHost,
  { generation, manifestSha256 }: CopyMade,
): Promise<readonly ManifestPlace[]> {
  try {
    return await readManifest(files, generation, manifestSha256);
  } catch (error) {
    if (error instanceof RefitError) return [];
    throw error;
  }
}
