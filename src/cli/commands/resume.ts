import { RefitError } from '../../errors.ts';
import { planBackToStart } from '../../runbook/all-or-nothing.ts';
import { runStanding } from '../../runbook/ending.ts';
import { runsHere } from '../../runbook/store/installations.ts';
import { noOpenRun } from '../../runbook/store/runs.ts';
import { readToken } from '../../runbook/token.ts';
import { beginBack, continueRun } from '../begin.ts';
import type { Command } from '../context.ts';
import { lookOf } from '../flags.ts';
import { asRoot, openRunFor } from '../open-run.ts';

/** Finishes a run that was paused, killed or cut by a power loss, in whichever direction it was going. */
export const resume: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const wish = lookOf(context, flags);
  const open = await openRunFor(workshop, wish);
  if (open === undefined) {
    const [last] = await asRoot(workshop, () => runsHere(workshop, wish.installation));
    const token = last === undefined ? undefined : await readToken(workshop.host.files, last.run.paths);
    const plan = last === undefined ? undefined : planBackToStart(last.run, token !== undefined);
    if (last === undefined || plan === undefined) throw noOpenRun(wish.installation ?? 'this host');
    return beginBack(context, workshop, { failed: last.run, plan, token });
  }
  const { name, cause } = runStanding(open);
  if (name === 'mixed') {
    throw new RefitError(
      'E_UNDO_FAILED',
      `Cannot resume ${open.id}: its way back failed${cause === undefined ? '' : `: ${cause.message}`}`,
      {
        hint: 'Mend what it names, then refit rollback tries again',
      },
    );
  }
  return continueRun(context, workshop, open, { waived: wish.waived, because: wish.because });
};
