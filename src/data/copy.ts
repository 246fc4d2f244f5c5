import { RefitError } from '../errors.ts';
import { bulk } from './bulk.ts';
import type { Copied, DataItem, Generation } from './data.ts';
import { syncNew } from './durable.ts';
import { withEntries } from './entries.ts';
import { compare, type Entry, type Raw, toEntries } from './entry.ts';
import { type DataHost, list, type Sight, startsOf } from './listing.ts';
import { manifestPath, treePath, writeManifest } from './manifest.ts';
import { refuseMounts } from './mounts.ts';
import { type Place, placesOf, refuseKinds } from './place.ts';
import { CP } from './tools.ts';

/** See `Data.copy`. */
export async function copy(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  background: boolean,
): Promise<Copied> {
  const { files, clock } = host;
  const begun = clock.monotonic();
  const places = await placesOf(files, items, generation);
  await refuseKinds(files, places);
  await refuseMounts(files, places);
  const tree = `${generation.root}/tree`;
  await files.remove(manifestPath(generation));
  await files.removeTree(tree);
  try {
    await files.makeDirectory(tree, { mode: 0o700 });
    await files.setOwnership(generation.root, { mode: 0o700 });
    const { lists, special } = await proven(host, places, generation, background);
    const all = lists.flat();
    await syncNew(host, tree, all.length);
    await files.sync(generation.root);
    const manifest = places.map((place, index) => ({ ...place, entries: lists[index] ?? [] }));
    const manifestSha256 = await writeManifest(files, generation, manifest);
    const bytes = all.reduce((sum, { size }) => sum + size, 0);
    return { bytes, files: all.length, ms: clock.monotonic() - begun, manifestSha256, special };
  } catch (error) {
    // Half a copy keeps a full disk full, and the service is to start on it. The first error is the one that counts.
    await Promise.allSettled([files.removeTree(tree)]);
    throw error;
  }
}

/** Copies, and returns what the source was like where the copy is the same. */
async function proven(
  host: DataHost,
  places: readonly Place[],
  generation: Generation,
  background: boolean,
): Promise<{ readonly lists: readonly (readonly Entry[])[]; readonly special: readonly string[] }> {
  const live = places.map((place): Sight => ({ place, at: place.directory }));
  const kept = places.map((place): Sight => ({ place, at: treePath(generation, place) }));
  // Together: the source is read once from the disk for both.
  const [source, copied] = await Promise.allSettled([
    list(host, live, 'all'),
    copyAll(host, live, generation, background),
  ]);
  if (copied.status === 'rejected') throw copied.reason;
  if (source.status === 'rejected') throw source.reason;
  const lists = source.value.map(toEntries);
  // Nothing seen and nothing copied is the same; to look again would cost a child, and the service is down.
  const copies = copied.value || lists.some(hasContents) ? await list(host, kept, 'all') : kept.map(() => []);
  for (const [index, place] of places.entries()) proveSame(place, lists[index] ?? [], toEntries(copies[index] ?? []));
  const special = source.value.flatMap((entries, index) =>
    entries.filter(isSpecial).map(({ name }) => `${places[index]?.directory}/${name}`),
  );
  return { lists, special };
}

/** Anything but a directory's own entry. */
function hasContents(entries: readonly Entry[]): boolean {
  return entries.some(({ name }) => name !== '');
}

function isSpecial({ type }: Raw): boolean {
  return type === 'special';
}

/**
 * Whether there was anything to copy. One child for all single files together, and one for each directory. `--parents` is right for files only: coreutils 9.1 makes a
 * subdirectory of a setgid parent setgid, and looks for the modes of parents in the working directory instead of below `-t`.
 */
async function copyAll(
  host: DataHost,
  live: readonly Sight[],
  generation: Generation,
  background: boolean,
): Promise<boolean> {
  const tree = `${generation.root}/tree`;
  const single = live.filter(({ place }) => place.names !== undefined);
  const names = (await Promise.all(single.map((sight) => startsOf(host.files, sight)))).flat();
  if (names.length > 0)
    await bulk(host.commands, [...CP, '--parents', '-t', '.', '--', ...names], { background, cwd: tree });
  let hasCopied = names.length > 0;
  for (const sight of live.filter(({ place }) => place.names === undefined)) {
    if ((await host.files.stat(sight.at)) === undefined) continue;
    const to = treePath(generation, sight.place);
    await host.files.makeDirectory(to, { mode: 0o700 });
    const done = await withEntries(host, sight, [...CP, '-t', to, '--'], (argv) =>
      bulk(host.commands, argv, { background }),
    );
    hasCopied ||= done.length > 0;
  }
  return hasCopied;
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
