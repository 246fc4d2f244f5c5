import { RefitError } from '../errors.ts';
import type { FoundBackup } from './backups/find.ts';
import { requireFound } from './find.ts';
import { peek } from './peek.ts';
import { planGoingBack } from './plan-rollback.ts';
import type { Planned } from './planned.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/**
 * Decides what putting a backup back would do: as a rollback, but to any generation, and always with its data. Binaries and data
 * go back together, so no version ever starts on data it does not know. Changes nothing.
 */
export async function planRestore(workshop: Workshop, wish: Wish, backup: FoundBackup): Promise<Planned> {
  const { run, whole, archive, hasGeneration } = backup;
  const { plan } = run.state;
  if (plan.purpose === 'install') {
    throw new RefitError(
      'E_NOTHING_TO_ROLL_BACK',
      `Cannot restore ${run.id}: saw an installation, nothing was there before`,
    );
  }
  const found = await requireFound(workshop, { ...wish, installation: plan.installation, product: plan.product });
  const looked = await peek(workshop, found.profile, found.installation);
  const made = hasGeneration || archive === undefined ? undefined : archive;
  return planGoingBack(workshop, wish, {
    found,
    looked,
    run,
    whole,
    dataChoice: { keeps: false, because: 'asked' },
    left: undefined,
    source: `backup ${run.id}${made === undefined ? '' : ', from its archive'}`,
    choice: { asked: `backup ${run.id}`, chosen: plan.from },
    ...(made === undefined
      ? {}
      : { archive: { path: made.path, compression: made.compression, sha256: made.record.sha256 } }),
  });
}
