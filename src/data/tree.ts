import type { Copied, DataItem, Generation } from './data.ts';
import type { Entry, Raw } from './entry.ts';
import type { DataHost } from './listing.ts';
import { manifestPath, treePath, writeManifest } from './manifest.ts';
import { refuseMounts } from './mounts.ts';
import { type Place, placesOf, refuseKinds } from './place.ts';
import type { Sight } from './sight.ts';

export function treeOf(generation: Generation): string {
  return `${generation.root}/tree`;
}

/** The places as they are, and as a generation has them. */
export function liveSights(places: readonly Place[]): readonly Sight[] {
  return places.map((place) => ({ place, at: place.directory }));
}

export function keptSights(places: readonly Place[], generation: Generation): readonly Sight[] {
  return places.map((place) => ({ place, at: treePath(generation, place) }));
}

/** Where the data is. An earlier copy is removed, its manifest first; refused where there is nothing that can be copied. */
export async function clearFor(
  { files }: DataHost,
  items: readonly DataItem[],
  generation: Generation,
): Promise<readonly Place[]> {
  const places = await placesOf(files, items, generation);
  await refuseKinds(files, places);
  await refuseMounts(files, places);
  await files.remove(manifestPath(generation));
  await files.removeTree(treeOf(generation));
  return places;
}

export async function makeTree({ files }: DataHost, generation: Generation): Promise<void> {
  await files.makeDirectory(treeOf(generation), { mode: 0o700 });
  await files.setOwnership(generation.root, { mode: 0o700 });
}

/** A place, all that `stat` said of it, and what of that the manifest is to keep; made as it is written. */
export interface Listed {
  readonly place: Place;
  readonly raw: readonly Raw[];
  readonly entries: Iterable<Entry>;
}

/** Writes the manifest of a copy that is on the disk: from then on it counts. */
export async function seal(
  { files }: DataHost,
  generation: Generation,
  listed: readonly Listed[],
): Promise<Omit<Copied, 'ms' | 'tick'>> {
  await files.sync(generation.root);
  let [bytes, count] = [0, 0];
  const counted = function* (entries: Iterable<Entry>): Generator<Entry> {
    for (const entry of entries) {
      bytes += entry.size;
      count += 1;
      yield entry;
    }
  };
  const places = listed.map(({ place, entries }) => ({ ...place, entries: counted(entries) }));
  const manifestSha256 = await writeManifest(files, generation, places);
  const special = listed.flatMap(({ place, raw }) =>
    raw.filter(({ type }) => type === 'special').map(({ name }) => `${place.directory}/${name}`),
  );
  return { bytes, files: count, manifestSha256, special };
}
