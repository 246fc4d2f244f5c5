import { EXIT } from '../../errors.ts';
import { factsOf } from '../../runbook/facts.ts';
import { openingText } from '../../runbook/opening.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import type { StoredRun } from '../../runbook/store/runs.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import { begin, continueRun } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command, Context, Flags } from '../context.ts';
import { showDocument } from '../document.ts';
import { lookOf, text, texts, truth } from '../flags.ts';
import { openRunFor, requireRootFor, requireUpgrade } from '../open-run.ts';
import { requireSameOpening, timedWishOf } from '../opening.ts';
import { requireSamePin, requireSameSpotChecks, requireSameTarget } from '../same-target.ts';

/** The whole runbook; after some stages typed one by one, the rest of it. */
export const upgrade: Command = async (context, flags) => {
  const file = text(flags, 'plan');
  if (file === undefined) return upgradeAsAsked(context, flags);
  // It reads with a schema, which nothing else here needs.
  const { upgradeAsSigned } = await import('../upgrade-as-signed.ts');
  return upgradeAsSigned(context, flags, file);
};

async function upgradeAsAsked(context: Context, flags: Flags): Promise<number> {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const dry = truth(flags, 'dryRun');
  if (!dry) {
    const open = await openRunFor(workshop, look);
    if (open !== undefined) return goOn(context, workshop, flags, open);
    requireRootFor(workshop, look);
  }
  const wish = await timedWishOf(context, workshop, flags);
  const planned = await planUpgrade(workshop, wish);
  if (dry || 'nothingToDo' in planned) {
    await showDocument(context, workshop, { planned, wish, flags });
    return EXIT.ok;
  }
  return begin(context, workshop, flags, wish, planned);
}

async function goOn(context: Context, workshop: Workshop, flags: Flags, open: StoredRun): Promise<number> {
  const { plan } = open.state;
  requireUpgrade(open);
  requireSameTarget(open, text(flags, 'stopAt') ?? text(flags, 'to'));
  const look = lookOf(context, flags);
  await requireSamePin(workshop, open, look.pinned);
  requireSameSpotChecks(open, texts(flags, 'spotCheck'));
  requireSameOpening(open, flags);
  const when = openingText(factsOf(plan).options);
  await requireConsent(
    context,
    flags,
    `Go on with the upgrade of ${plan.installation} from ${plan.from} to ${plan.to}${when === '' ? '' : `, ${when}`}?`,
  );
  return continueRun(context, workshop, open, { waived: look.waived, because: look.because });
}
