import { EXIT } from '../../errors.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import { showPlan } from '../begin.ts';
import type { Command } from '../context.ts';
import { truth, wishOf } from '../flags.ts';

/** What an upgrade would do. Changes nothing; inhibiting findings are shown, not refused. */
export const plan: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const planned = await planUpgrade(workshop, await wishOf(context, workshop.host.files, flags));
  showPlan(context, planned);
  return truth(flags, 'exitCode') && !('nothingToDo' in planned) ? EXIT.available : EXIT.ok;
};
