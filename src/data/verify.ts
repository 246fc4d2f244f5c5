import { RefitError } from '../errors.ts';
import type { Generation } from './data.ts';
import { compare, entriesOf } from './entry.ts';
import { type DataHost, list } from './listing.ts';
import { inBlocks, readManifest, treePath } from './manifest.ts';

/** See `Data.verify`. */
export async function verify(
  host: DataHost,
  generation: Generation,
  manifestSha256: string | undefined,
): Promise<void> {
  const places = await readManifest(host.files, generation, manifestSha256);
  const sights = places.map((place) => ({ place, at: treePath(generation, place) }));
  const lists = await list(host, sights, inBlocks(sights));
  for (const [index, place] of places.entries()) {
    const [first] = compare(place.entries, entriesOf(lists[index] ?? []), { digests: true, root: false });
    if (first === undefined) continue;
    throw new RefitError(
      'E_DIGEST_MISMATCH',
      `Cannot trust the copy at ${generation.root}: saw ${first.path} with ${first.saw}, expected ${first.expected}`,
      { hint: 'Look at the disk; refit backup list shows other copies', facts: { path: generation.root } },
    );
  }
}
