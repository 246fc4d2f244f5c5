import { RefitError } from '../errors.ts';
import { bulk } from './bulk.ts';
import { copyAll } from './copy-all.ts';
import type { Copied, DataItem, Generation } from './data.ts';
import { syncNew } from './durable.ts';
import { compare, type Entry, type Raw, toEntries } from './entry.ts';
import { type DataHost, list } from './listing.ts';
import type { Place } from './place.ts';
import { lastTick } from './tick.ts';
import { clearFor, keptSights, liveSights, makeTree, seal, treeOf } from './tree.ts';

/** See `Data.copy`. */
export async function copy(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  background: boolean,
): Promise<Copied> {
  const { files, clock } = host;
  const begun = clock.monotonic();
  const places = await clearFor(host, items, generation);
  try {
    await makeTree(host, generation);
    const tick = await lastTick(host, generation);
    const source = await proven(host, places, generation, background);
    await syncNew(host, treeOf(generation), source.flat().length);
    const listed = places.map((place, index) => {
      const raw = source[index] ?? [];
      return { place, raw, entries: toEntries(raw) };
    });
    const copied = await seal(host, generation, listed);
    return { ...copied, tick, ms: clock.monotonic() - begun };
  } catch (error) {
    // Half a copy keeps a full disk full, and the service is to start on it. The first error is the one that counts.
    await Promise.allSettled([files.removeTree(treeOf(generation))]);
    throw error;
  }
}

/** Copies, and returns what the source was like where the copy is the same. */
async function proven(
  host: DataHost,
  places: readonly Place[],
  generation: Generation,
  background: boolean,
): Promise<readonly (readonly Raw[])[]> {
  const live = liveSights(places);
  // Together: the source is read once from the disk for both.
  const [source, copied] = await Promise.allSettled([
    list(host, live, 'all'),
    copyAll(host, live, generation, (argv, cwd) => bulk(host.commands, argv, { background, ...cwd })),
  ]);
  if (copied.status === 'rejected') throw copied.reason;
  if (source.status === 'rejected') throw source.reason;
  const lists = source.value.map(toEntries);
  // Nothing seen and nothing copied is the same; to look again would cost a child, and the service is down.
  const mustLook = copied.value || lists.some(hasContents);
  const copies = mustLook ? await list(host, keptSights(places, generation), 'all') : places.map(() => []);
  for (const [index, place] of places.entries()) proveSame(place, lists[index] ?? [], toEntries(copies[index] ?? []));
  return source.value;
}

/** Anything but a directory's own entry. */
function hasContents(entries: readonly Entry[]): boolean {
  return entries.some(({ name }) => name !== '');
}

function proveSame(place: Place, source: readonly Entry[], saw: readonly Entry[]): void {
  // An empty directory is not copied at all, and the manifest has what the directory itself is like.
  const differences = compare(source, saw, { digests: true, root: false });
  const [first] = differences;
  if (first === undefined) return;
  throw new RefitError(
    'E_DATA_CHANGED',
    `Cannot copy ${place.path}: saw ${differences.length} of ${source.length} entries differ from the copy (${first.path}: ${first.saw}), expected data at rest (${first.expected})`,
    {
      hint: `Stop whatever writes there: fuser -vm ${place.directory}`,
      facts: { path: place.path, differing: differences.length },
    },
  );
}
