import { EXIT, RefitError } from '../../errors.ts';
import { findAll } from '../../runbook/find.ts';
import { planInstall } from '../../runbook/plan-install.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import { begin, showPlan } from '../begin.ts';
import type { Command } from '../context.ts';
import { lookOf, text, truth } from '../flags.ts';
import { requireNoOpenRun, requireRootFor } from '../open-run.ts';
import { timedWishOf } from '../opening.ts';

/** From one tarball or bundle that somebody carried here: upgrades what is installed, or installs what is named. */
export const install: Command = async (context, flags) => {
  if (text(flags, 'fromTarball') === undefined) {
    throw new RefitError('E_USAGE', 'Cannot install without a tarball', {
      hint: 'refit install --from-tarball FILE, its checksum beside it as FILE.sha256 or checksums.txt',
    });
  }
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const dry = truth(flags, 'dryRun');
  if (!dry) {
    await requireNoOpenRun(workshop, look);
    requireRootFor(workshop, look);
  }
  const wish = await timedWishOf(context, workshop, flags);
  const installed = (await findAll(workshop, wish)).length > 0;
  const planned = installed ? await planUpgrade(workshop, wish) : await planInstall(workshop, wish);
  if (dry || 'nothingToDo' in planned) {
    showPlan(context, planned, flags);
    return EXIT.ok;
  }
  return begin(context, workshop, flags, wish, planned);
};
