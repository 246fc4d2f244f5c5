import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { DATABASE_LOCKED } from '../checks/database-lock.ts';
import { databaseLock } from '../database-lock.ts';
import { startReserve } from '../generations.ts';
import { armGuard } from '../guarded.ts';
import { beginProbing } from '../probing.ts';
import { requireStillThere } from '../still-there.ts';
import { RESERVE_BYTES } from '../store/journal-file.ts';
import type { World } from '../world.ts';
import { ensureHotCopy } from './hot-copy.ts';

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
    const held = world.facts.options.waived.includes(DATABASE_LOCKED) ? undefined : await databaseLock(world);
    if (held === undefined) return null;
    throw new RefitError('E_DATABASE_LOCKED', `Cannot stop ${world.facts.installation.unit}: saw that ${held}`, {
      hint: 'End that transaction, or the program, then type the command again',
    });
  },
  async change(world) {
    const { host, service, hold, run, generation, hot } = world;
    await ensureHotCopy(world);
    await beginProbing(world);
    await hot.current?.refresh();
    const guarded = await armGuard(world);
    await host.files.writeAtomic(run.paths.reserve, Buffer.alloc(RESERVE_BYTES), { mode: 0o600 });
    await host.files.writeAtomic(startReserve(generation), Buffer.alloc(START_RESERVE_BYTES), { mode: 0o600 });
    await service.armHold(hold);
    // Again, as the last thing before the stop: to arm all this takes long enough for a server to write much.
    await hot.current?.refresh(1);
    return guarded;
  },
  revert: disarm,
  discard: disarm,
};

async function disarm({ host, service, hold, run, generation }: World): Promise<void> {
  try {
    await service.releaseHold(hold);
  } finally {
    await host.files.remove(run.paths.reserve);
    await host.files.remove(startReserve(generation));
  }
}
