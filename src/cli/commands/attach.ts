import { endingOf } from '../../runbook/ending.ts';
import { findOpenRun, knownInstallations, runsOf } from '../../runbook/store/installations.ts';
import { noOpenRun } from '../../runbook/store/runs.ts';
import type { Command } from '../context.ts';
import { wishOf } from '../flags.ts';
import { endingJson, endingText } from '../report/ending.ts';
import { view } from '../view.ts';

/** The viewer over the run that is under way; of one that is over, how it ended. */
export const attach: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const wish = await wishOf(context, workshop.host.files, flags);
  const open = await findOpenRun(workshop, wish);
  if (open !== undefined) {
    const { installation } = open.state.plan;
    return view(context, workshop, { installation, run: open.id, nonce: undefined });
  }
  const [name] = wish.installation === undefined ? await knownInstallations(workshop) : [wish.installation];
  const [last] = name === undefined ? [] : await runsOf(workshop, name);
  const ending = name === undefined || last === undefined ? undefined : await endingOf(workshop, name, last.id);
  if (ending === undefined) throw noOpenRun(name ?? 'this host');
  context.terminal.out(context.output === 'table' ? endingText(ending) : `${JSON.stringify(endingJson(ending))}\n`);
  return ending.standing.exit;
};
