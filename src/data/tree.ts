import type { Copied, DataItem, Generation } from './data.ts';
import { type Raw, toEntries } from './entry.ts';
import type { DataHost, Sight } from './listing.ts';
import { manifestPath, treePath, writeManifest } from './manifest.ts';
import { refuseMounts } from './mounts.ts';
import { type Place, placesOf, refuseKinds } from './place.ts';

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

/** Writes the manifest of a copy that is on the disk: from then on it counts. */
export async function seal(
  { files }: DataHost,
  generation: Generation,
  places: readonly Place[],
  source: readonly (readonly Raw[])[],
): Promise<Omit<Copied, 'ms'>> {
  const lists = source.map(toEntries);
  await files.sync(generation.root);
  const manifest = places.map((place, index) => ({ ...place, entries: lists[index] ?? [] }));
  const manifestSha256 = await writeManifest(files, generation, manifest);
  const all = lists.flat();
  const bytes = all.reduce((sum, { size }) => sum + size, 0);
  const special = source.flatMap((entries, index) =>
    entries.filter(({ type }) => type === 'special').map(({ name }) => `${places[index]?.directory}/${name}`),
  );
  return { bytes, files: all.length, manifestSha256, special };
}
