import { type Ending, endingOf } from '../../runbook/ending.ts';
import { findOpenRun, runsHere } from '../../runbook/store/installations.ts';
import { noOpenRun } from '../../runbook/store/runs.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import type { Command } from '../context.ts';
import { lookOf } from '../flags.ts';
import { endingJson, endingText } from '../report/ending.ts';
import { say } from '../report/say.ts';
import { view } from '../view.ts';

/** The viewer over the run that is under way; of one that is over, how it ended. */
export const attach: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const open = await findOpenRun(workshop, look);
  if (open !== undefined) {
    const { installation } = open.state.plan;
    return view(context, workshop, { installation, run: open.id, worker: undefined });
  }
  const ending = await lastEnding(workshop, look.installation);
  if (ending === undefined) throw noOpenRun(look.installation ?? 'this host');
  say(context, endingText(ending), { type: 'result', ...endingJson(ending) });
  return ending.standing.exit;
};

/** Of the newest run; of this host's installations where none is named. */
async function lastEnding(workshop: Workshop, installation: string | undefined): Promise<Ending | undefined> {
  const [last] = await runsHere(workshop, installation);
  return last === undefined ? undefined : endingOf(workshop, last.name, last.run.id);
}
