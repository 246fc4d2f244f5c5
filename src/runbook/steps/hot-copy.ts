import type { Step } from '../../engine/step.ts';
import type { World } from '../world.ts';

/** Copies the data while the service runs, so that the window is left with what changes from now on. */
export const hotCopy: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { bytes, files, ms, walBytes, unheld } = await copyHot(world);
    return { bytes, files, ms: Math.round(ms), walBytes, unheld };
  },
  async revert({ hot }) {
    await hot.current?.abandon();
    hot.current = undefined;
  },
};

/**
 * Makes sure that there is a hot copy to finish in the window. It lives as long as its worker: a log (-wal) is complete only
 * while one reader has held the database from the copy to the stop, so after a kill, or stages typed apart, it is made again.
 */
export async function ensureHotCopy(world: World): Promise<void> {
  if (world.hot.current === undefined && world.facts.data.length > 0) await copyHot(world);
}

async function copyHot({ data, facts, generation, hot }: World) {
  await hot.current?.abandon();
  hot.current = undefined;
  const made = await data.copyHot(facts.data, generation, {
    background: true,
    bytesPerSecond: facts.options.copyRate,
  });
  hot.current = made;
  return made;
}
