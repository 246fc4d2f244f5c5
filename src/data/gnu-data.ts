import { copy } from './copy.ts';
import type { Data, DataItem, Difference, Generation } from './data.ts';
import { digests } from './digests.ts';
import { compare, entriesOf } from './entry.ts';
import { copyHot } from './hot-copy.ts';
import { type DataHost, list } from './listing.ts';
import { inBlocks, manifestPath, readManifest, treePath } from './manifest.ts';
import { measure } from './measure.ts';
import { refuseMounts } from './mounts.ts';
import { openDatabases } from './open-databases.ts';
import { placesOf, refuseKinds } from './place.ts';
import { putBack, stagePutBack } from './put-back.ts';
import { verify } from './verify.ts';

/** `Data` by the GNU tools: Node has no extended attributes, rounds mtimes and fills holes. */
export function gnuData(host: DataHost): Data {
  const { files } = host;
  return {
    async measure(items) {
      const places = await placesOf(files, items);
      await refuseKinds(files, places);
      await refuseMounts(files, places);
      const sights = places.map((place) => ({ place, at: place.directory }));
      return measure(places, await list(host, sights, 'none'));
    },
    copy: (items, generation, options) => copy(host, items, generation, options?.background === true),
    copyHot: (items, generation, options) =>
      copyHot(host, items, generation, { ...options, background: options?.background === true }),
    differences: (items, generation, options) => differences(host, items, generation, options?.digests ?? true),
    stagePutBack: (items, generation, options) => stagePutBack(host, items, generation, options),
    putBack: (items, generation, options) => putBack(host, items, generation, options),
    verify: (generation, manifestSha256) => verify(host, generation, manifestSha256),
    pathIn: (generation, path) => treePath(generation, { directory: path }),
    digests: (generation) => digests(host.files, generation),
    openDatabases: (items, generation, at) => openDatabases(host, items, generation, at),
    async remove(generation) {
      await files.remove(manifestPath(generation));
      await files.removeTree(generation.root);
    },
  };
}

async function differences(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  digests: boolean,
): Promise<readonly Difference[]> {
  const places = await readManifest(host.files, generation);
  const now = await placesOf(host.files, items, generation);
  const moved = places
    .filter((place) => !now.some((other) => other.path === place.path && other.directory === place.directory))
    .map(({ path, directory }) => ({ path, saw: 'another place', expected: directory }));
  const sights = places.map((place) => ({ place, at: place.directory }));
  const lists = await list(host, sights, digests ? inBlocks(sights) : 'none', !digests);
  const changed = places.flatMap((place, index) =>
    compare(place.entries, entriesOf(lists[index] ?? []), { digests, root: true }).map((difference) => ({
      ...difference,
      path: difference.path === '' ? place.directory : `${place.directory}/${difference.path}`,
    })),
  );
  return [...moved, ...changed];
}
