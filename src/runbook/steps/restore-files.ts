import type { Step } from '../../engine/step.ts';
import { targetGeneration } from '../generations.ts';
import type { World } from '../world.ts';

/** A rollback's swap: the binaries of an earlier generation go back; undone from this run's own. */
export const restoreFiles: Step<World, null, null> = {
  prepare: async () => null,
  async change({ layout, service, facts, run }) {
    const { replaced, ms } = await layout.restore({ root: targetGeneration(facts).root }, run.id);
    // The unit goes back with the rest; the manager knows it only once it has been read.
    if (replaced.some((path) => facts.keepsakes.includes(path))) await service.reload();
    return { replaced, ms };
  },
  async revert({ layout, generation, run }) {
    await layout.restore({ root: generation.root }, run.id);
  },
};
