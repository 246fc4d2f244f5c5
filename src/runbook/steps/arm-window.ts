import type { Step } from '../../engine/step.ts';
import { startReserve } from '../generations.ts';
import { armGuard } from '../guarded.ts';
import { requireOpen } from '../opening.ts';
import { beginProbing } from '../probing.ts';
import { requireStillThere } from '../still-there.ts';
import { RESERVE_BYTES } from '../store/journal-file.ts';
import type { World } from '../world.ts';
import { askAgain } from './ask-again.ts';
import { ensureHotCopy } from './hot-copy.ts';
import { clearScratch } from './scratch.ts';

/** A database that nothing can be written to does not even open: its -shm, and a boot's few rows. */
const START_RESERVE_BYTES = 4 * 2 ** 20;

/**
 * Before every stop: the guard, which finishes this run where its worker cannot; a reserve for the journal (law 15) and one for
 * the start of the old version; and the hold that keeps a boot, Restart= or a stranger's `systemctl start` from starting a
 * half-swapped version. The guard stays when this is undone: it goes after the run's end (`dismissGuard`).
 */
export const armWindow: Step<World, null, null> = {
  async prepare(world) {
    await requireStillThere(world);
    return null;
  },
  async change(world) {
    const { host, service, hold, run, generation, hot } = world;
    requireOpen(world);
    // Before the copy is brought up to date: what is written while this looks is not left to the window.
    const waivers = await askAgain(world);
    await ensureHotCopy(world);
    await beginProbing(world);
    await hot.current?.refresh();
    const guarded = await armGuard(world);
    await host.files.writeAtomic(run.paths.reserve, Buffer.alloc(RESERVE_BYTES), { mode: 0o600 });
    await host.files.writeAtomic(startReserve(generation), Buffer.alloc(START_RESERVE_BYTES), { mode: 0o600 });
    await service.armHold(hold);
    // Again, as the last thing before the stop: to arm all this takes long enough for a server to write much.
    await hot.current?.refresh(1);
    return waivers.length === 0 ? guarded : { ...guarded, waivers };
  },
  revert: disarm,
  discard: disarm,
};

async function disarm(world: World): Promise<void> {
  const { host, service, hold, run, generation } = world;
  try {
    await service.releaseHold(hold);
  } finally {
    await host.files.remove(run.paths.reserve);
    await host.files.remove(startReserve(generation));
    await clearScratch(world);
  }
}
