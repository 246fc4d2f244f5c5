import type { Step } from '../../engine/step.ts';
import { bytes } from '../words.ts';
import type { World } from '../world.ts';

/** SQLite empties a log of 1000 pages by itself, if nobody holds it: what is larger is our doing, or another reader's. */
const LARGE_LOG = 8 * 2 ** 20;

/** Copies the data while the service runs, so that the window is left with what changes from now on. */
export const hotCopy: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { bytes: copied, files, ms, walBytes, unheld } = await copyHot(world);
    if (walBytes >= LARGE_LOG) {
      const text = `the log of the database has ${bytes(walBytes)}; it cannot shrink before the copy is done`;
      world.report({ kind: 'note', text });
    }
    return { bytes: copied, files, ms: Math.round(ms), walBytes, unheld };
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
