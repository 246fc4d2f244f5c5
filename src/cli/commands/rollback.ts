import { EXIT } from '../../errors.ts';
import { factsOf } from '../../runbook/facts.ts';
import { planRollback } from '../../runbook/plan-rollback.ts';
import type { StoredRun } from '../../runbook/store/runs.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import { begin, continueRun, showPlan } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command, Context, Flags } from '../context.ts';
import { lookOf, truth } from '../flags.ts';
import { openRunFor, requireRootFor } from '../open-run.ts';
import { timedWishOf } from '../opening.ts';
import { say } from '../report/say.ts';

/** Back: of an open run to where it began, else to the version before the last one, with the data of then. */
export const rollback: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const dry = truth(flags, 'dryRun');
  const open = await openRunFor(workshop, look);
  if (open !== undefined) return undo(context, workshop, flags, open);
  if (!dry) requireRootFor(workshop, look);
  const wish = await timedWishOf(context, workshop, flags);
  const planned = await planRollback(workshop, wish);
  if (!dry) return begin(context, workshop, flags, wish, planned);
  showPlan(context, planned);
  return EXIT.ok;
};

async function undo(context: Context, workshop: Workshop, flags: Flags, open: StoredRun): Promise<number> {
  const { plan, committedHops } = open.state;
  const { installation, to } = plan;
  // Past its last commit nothing of it can be undone; finished, it can be gone back from.
  const committed = committedHops === plan.hops.length;
  // Hops that are committed stay: to undo them too is a run of its own, which may have been agreed.
  const { from } = plan.hops[committedHops] ?? plan;
  const further =
    factsOf(plan).options.allOrNothing === true
      ? `, and from there to ${plan.from}, as was agreed`
      : `; what led to ${from} stays (refit rollback goes back from there)`;
  const kept = committedHops > 0 ? further : '';
  const what = committed
    ? `Finish the run of ${installation} to ${to}, which is committed (refit rollback goes back then)`
    : `Undo the run of ${installation} to ${to} and go back to ${from}${kept}`;
  if (truth(flags, 'dryRun')) {
    say(context, `${what}\n`, { run: open.id, installation, from: to, to: committed ? to : from });
    return EXIT.ok;
  }
  await requireConsent(context, flags, `${what}?`);
  return continueRun(context, workshop, open, { turn: true });
}
