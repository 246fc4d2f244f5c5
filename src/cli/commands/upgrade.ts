import { EXIT, RefitError } from '../../errors.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import { findOpenRun } from '../../runbook/store/installations.ts';
import type { StoredRun } from '../../runbook/store/runs.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import { begin, continueRun, showPlan } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command, Context, Flags } from '../context.ts';
import { text, truth, wishOf } from '../flags.ts';
import { requireSameTarget } from '../same-target.ts';

/** The whole runbook; after some stages typed one by one, the rest of it. */
export const upgrade: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const wish = await wishOf(context, workshop.host.files, flags);
  const open = await findOpenRun(workshop, wish);
  if (open !== undefined && !truth(flags, 'dryRun')) return goOn(context, workshop, flags, open);
  const planned = await planUpgrade(workshop, wish);
  if (truth(flags, 'dryRun') || 'nothingToDo' in planned) {
    showPlan(context, planned);
    return EXIT.ok;
  }
  return begin(context, workshop, flags, wish, planned);
};

async function goOn(context: Context, workshop: Workshop, flags: Flags, open: StoredRun): Promise<number> {
  const { plan, heading } = open.state;
  if (heading === 'back' || plan.purpose !== 'upgrade') {
    throw new RefitError('E_RUN_OPEN', `Cannot upgrade ${plan.installation}: its run ${open.id} is on its way back`, {
      hint: 'refit resume finishes it first',
    });
  }
  requireSameTarget(open, text(flags, 'to'));
  await requireConsent(
    context,
    flags,
    `Go on with the upgrade of ${plan.installation} from ${plan.from} to ${plan.to}?`,
  );
  return continueRun(context, workshop, open, {});
}
