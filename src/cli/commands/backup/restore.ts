import { EXIT } from '../../../errors.ts';
import { findBackup } from '../../../runbook/backups/find.ts';
import { planRestore } from '../../../runbook/plan-restore.ts';
import { begin, showPlan } from '../../begin.ts';
import type { Command } from '../../context.ts';
import { lookOf, truth, wishOf } from '../../flags.ts';
import { asRoot, requireNoOpenRun, requireRootFor } from '../../open-run.ts';

/** Back to a backup: its binaries with its data, by a run like any rollback; what is live is kept aside. */
export const restore: Command = async (context, flags, [id = '']) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const dry = truth(flags, 'dryRun');
  requireRootFor(workshop, look);
  const found = await asRoot(workshop, () => findBackup(workshop, look.installation, id));
  await requireNoOpenRun(workshop, { installation: found.run.state.plan.installation, product: undefined });
  const wish = await wishOf(context, workshop.host.files, flags);
  const planned = await planRestore(workshop, wish, found);
  if (!dry) return begin(context, workshop, flags, wish, planned);
  showPlan(context, planned);
  return EXIT.ok;
};
