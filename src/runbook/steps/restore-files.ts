import type { Step } from '../../engine/step.ts';
import { targetGeneration } from '../generations.ts';
import type { World } from '../world.ts';
import { putFilesBack } from './put-files-back.ts';

/** A rollback's swap: the files of an earlier generation go back; undone from this run's own. */
export const restoreFiles: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { replaced, ms } = await putFilesBack(world, targetGeneration(world.facts));
    return { replaced, ms };
  },
  async revert(world) {
    await putFilesBack(world, world.generation);
  },
};
