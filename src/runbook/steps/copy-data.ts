import type { Copied } from '../../data/data.ts';
import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { requireDatabaseIn } from '../still-there.ts';
import type { World } from '../world.ts';
import { stopService } from './stop-service.ts';

function copied({ bytes, files, ms, manifestSha256, special, tick }: Copied) {
  return { bytes, files, ms, manifestSha256, special, tick };
}

/** What changed since the hot copy, or all of it where there is none; and the way back: what the new version wrote is kept aside, never deleted. */
export const copyData: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { data, facts, generation, hot } = world;
    const made = hot.current;
    hot.current = undefined;
    if (made === undefined) {
      const whole = await data.copy(facts.data, generation);
      await requireDatabaseIn(world);
      return copied(whole);
    }
    const finished = await made.finish();
    await requireDatabaseIn(world);
    const { again, refreshed } = finished;
    return { ...copied(finished), again, refreshed };
  },
  async revert(world) {
    const { data, facts, generation, run, host, report } = world;
    if (world.wayBack() !== 'whole') return leaveData(world);
    const whole = await host.files.stat(`${generation.root}/manifest.json`);
    // Cut short before the copy was whole: the new version has not been started, so the data is as it was.
    if (whole === undefined) return;
    // Nobody should have started it; but data put back under a running server is lost.
    await stopService(world);
    const { displaced } = await data.putBack(facts.data, generation, {
      run: run.part,
      displaced: `${facts.generations}/${run.part}-displaced`,
    });
    for (const folder of displaced) report({ kind: 'note', text: `what the other version wrote is kept in ${folder}` });
  },
};

/** Its copy cannot be trusted: the data stays as it is, where the version that comes back knows all of it. */
function leaveData({ report, wayBack }: World): void {
  if (wayBack() === 'without data') {
    report({ kind: 'note', text: 'the data stays as it is: its copy cannot be trusted' });
    return;
  }
  throw new RefitError('E_COPY_UNPROVEN', 'Cannot put the data back: its copy cannot be trusted', {
    hint: 'Restore it from a backup of your own, then refit rollback goes on',
  });
}
