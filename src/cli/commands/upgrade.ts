import { EXIT } from '../../errors.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import type { StoredRun } from '../../runbook/store/runs.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import { begin, continueRun, showPlan } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command, Context, Flags } from '../context.ts';
import { lookOf, text, texts, truth, wishOf } from '../flags.ts';
import { openRunFor, requireRootFor, requireUpgrade } from '../open-run.ts';
import { requireSamePin, requireSameSpotChecks, requireSameTarget } from '../same-target.ts';

/** The whole runbook; after some stages typed one by one, the rest of it. */
export const upgrade: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const dry = truth(flags, 'dryRun');
  if (!dry) {
    const open = await openRunFor(workshop, look);
    if (open !== undefined) return goOn(context, workshop, flags, open);
    requireRootFor(workshop, look);
  }
  const wish = await wishOf(context, workshop.host.files, flags);
  const planned = await planUpgrade(workshop, wish);
  if (dry || 'nothingToDo' in planned) {
    showPlan(context, planned, flags);
    return EXIT.ok;
  }
  return begin(context, workshop, flags, wish, planned);
};

async function goOn(context: Context, workshop: Workshop, flags: Flags, open: StoredRun): Promise<number> {
  const { plan } = open.state;
  requireUpgrade(open);
  requireSameTarget(open, text(flags, 'stopAt') ?? text(flags, 'to'));
  await requireSamePin(workshop, open, lookOf(context, flags).pinned);
  requireSameSpotChecks(open, texts(flags, 'spotCheck'));
  await requireConsent(
    context,
    flags,
    `Go on with the upgrade of ${plan.installation} from ${plan.from} to ${plan.to}?`,
  );
  return continueRun(context, workshop, open, { waived: texts(flags, 'waive') });
}
