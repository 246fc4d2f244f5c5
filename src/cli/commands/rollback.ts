import { EXIT } from '../../errors.ts';
import { planRollback } from '../../runbook/plan-rollback.ts';
import { findOpenRun } from '../../runbook/store/installations.ts';
import { begin, continueRun, showPlan } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command } from '../context.ts';
import { truth, wishOf } from '../flags.ts';

/** Back: of an open run to where it began, else to the version before the last one, with the data of then. */
export const rollback: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const wish = await wishOf(context, workshop.host.files, flags);
  const open = await findOpenRun(workshop, wish);
  if (open !== undefined) {
    const { plan } = open.state;
    if (truth(flags, 'dryRun')) {
      context.terminal.out(`would undo the run ${open.id} and go back to ${plan.from}\n`);
      return EXIT.ok;
    }
    await requireConsent(context, flags, `Undo the run to ${plan.to} and go back to ${plan.from}?`);
    return continueRun(context, workshop, open, { turn: true });
  }
  const planned = await planRollback(workshop, wish);
  if (truth(flags, 'dryRun')) {
    showPlan(context, planned);
    return EXIT.ok;
  }
  return begin(context, workshop, flags, wish, planned);
};
