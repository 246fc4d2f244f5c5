import type { Step } from '../../engine/step.ts';
import { RESERVE_BYTES } from '../store/journal-file.ts';
import type { World } from '../world.ts';

/**
 * Before every stop: a reserve for the journal (law 15), and the hold that keeps a boot, Restart= or a stranger's
 * `systemctl start` from starting a half-swapped version.
 */
export const armWindow: Step<World, null, null> = {
  prepare: async () => null,
  async change({ host, service, hold, run }) {
    await host.files.writeAtomic(run.paths.reserve, Buffer.alloc(RESERVE_BYTES), { mode: 0o600 });
    await service.armHold(hold);
    return null;
  },
  async revert({ host, service, hold, run }) {
    await service.releaseHold(hold);
    await host.files.remove(run.paths.reserve);
  },
  async discard({ host, service, hold, run }) {
    await service.releaseHold(hold);
    await host.files.remove(run.paths.reserve);
  },
};
