import type { Step } from '../../engine/step.ts';
import { targetGeneration } from '../generations.ts';
import type { World } from '../world.ts';

/** A rollback's way with the data: the earlier copy goes live, what is live is kept aside. Undone from this run's own copy by `copy-data`. */
export const restoreData: Step<World, null, null> = {
  async prepare({ data, facts }) {
    await data.verify(targetGeneration(facts));
    return null;
  },
  async change({ data, facts, run }) {
    const displaced = `${facts.generations}/${run.id}-before-rollback`;
    const done = await data.putBack(facts.data, targetGeneration(facts), { run: run.id, displaced });
    return { ms: done.ms, displaced: done.displaced };
  },
  // `copy-data` was begun before this and is reverted after it: one place puts the data back.
  revert: async () => undefined,
};
