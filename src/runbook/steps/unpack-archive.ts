import { posix } from 'node:path';
import type { Step } from '../../engine/step.ts';
import { scratchOf } from '../backups/names.ts';
import { generationMark, generationTarget, targetGeneration } from '../generations.ts';
import type { World } from '../world.ts';

/** Makes a generation that is only an archive any more a folder again, for the steps that put it back. Planned only where there is none. */
export const unpackArchive: Step<World, null, null> = {
  prepare: async () => null,
  async change({ host, archives, facts }) {
    const { archive, manifestSha256, run } = generationTarget(facts);
    if (archive === undefined) throw new Error('internal: no archive to unpack');
    const generation = targetGeneration(facts);
    if ((await host.files.stat(generationMark(generation))) !== undefined) return null;
    const generations = posix.dirname(generation.root);
    const { unpacking } = scratchOf(generations, run);
    const { path, compression, sha256 } = archive;
    await archives.unpack({ path, compression }, { id: run, root: unpacking }, { sha256, manifestSha256 });
    // Only whole it bears the name by which others take it for one.
    await host.files.rename(unpacking, generation.root);
    await host.files.sync(generations);
    return null;
  },
  revert: remove,
  /** The archive stays. */
  discard: remove,
};

async function remove({ host, data, facts }: World): Promise<void> {
  const generation = targetGeneration(facts);
  await host.files.removeTree(scratchOf(posix.dirname(generation.root), generation.id).unpacking);
  await data.remove(generation);
}
