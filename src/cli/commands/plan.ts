import { EXIT } from '../../errors.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import { showPlan } from '../begin.ts';
import type { Command } from '../context.ts';
import { lookOf, truth, wishOf } from '../flags.ts';
import { requireNoOpenRun, requireRootFor } from '../open-run.ts';
import { openingOf } from '../opening.ts';

/** What an upgrade would do. Changes nothing; inhibiting findings are shown, not refused. */
export const plan: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const rehearses = truth(flags, 'rehearse');
  if (rehearses) {
    const look = lookOf(context, flags);
    await requireNoOpenRun(workshop, look);
    requireRootFor(workshop, look);
  }
  const opening = openingOf(flags, workshop.host.clock.now());
  const wish = { ...(await wishOf(context, workshop.host.files, flags)), ...opening };
  const planned = await planUpgrade(workshop, wish);
  const available = truth(flags, 'exitCode') && !('nothingToDo' in planned) ? EXIT.available : EXIT.ok;
  if (!rehearses || 'nothingToDo' in planned) {
    showPlan(context, planned, flags);
    return available;
  }
  // The steps of the runbook: a plan by itself needs none of them.
  const { showRehearsed } = await import('../show-rehearsed.ts');
  return (await showRehearsed(context, workshop, planned)) ?? available;
};
