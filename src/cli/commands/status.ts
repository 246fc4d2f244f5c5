import { findAll } from '../../runbook/find.ts';
import { type InstallationStatus, statusOf, statusOfRecorded } from '../../runbook/status.ts';
import { knownInstallations } from '../../runbook/store/installations.ts';
import { bytes, duration } from '../../runbook/words.ts';
import type { Command } from '../context.ts';
import { wishOf } from '../flags.ts';
import { nowLine } from '../report/ending.ts';
import { plain } from '../report/plain.ts';

/** What is true now: of each service first, then of its runs. Looks only; works without root where files are readable. */
export const status: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const wish = await wishOf(context, workshop.host.files, flags);
  const recorded = wish.installation === undefined ? await knownInstallations(workshop) : [wish.installation];
  const found = (await findAll(workshop, wish)).map(({ name }) => name);
  const names = [...new Set([...found, ...recorded])];
  const all: InstallationStatus[] = [];
  for (const name of names) {
    const one = found.includes(name)
      ? await statusOf(workshop, { ...wish, installation: name })
      : await statusOfRecorded(workshop, name);
    if (one !== undefined) all.push(one);
  }
  if (context.output !== 'table') context.terminal.out(`${JSON.stringify({ installations: all })}\n`);
  else
    context.terminal.out(
      all.length === 0 ? 'nothing that refit knows is installed here\n' : all.map(textOf).join('\n'),
    );
  return 0;
};

function textOf({ installation, now, state, rollbackBytes, worker }: InstallationStatus): string {
  const { open, last, rollback } = state;
  const lines = [nowLine(now)];
  if (open !== undefined) {
    const doing = worker
      ? 'is under way: refit attach'
      : `is ${open.standing}: refit resume finishes it, refit rollback goes back`;
    lines.push(`  ${open.purpose} ${open.from} -> ${open.to} ${doing}`);
    if (open.error !== undefined) lines.push(`  because: ${open.error.message}`);
  } else if (last !== undefined) {
    const away = last.windowMs === undefined ? '' : `, away for ${duration(last.windowMs)}`;
    lines.push(`  last run: ${last.purpose} ${last.from} -> ${last.to}, ${last.standing}${away}, by ${last.by}`);
    if (last.error !== undefined) lines.push(`  because: ${last.error.message}`);
  } else {
    lines.push(`  no runs of ${installation} yet: refit plan --to latest`);
  }
  if (rollback !== undefined && open === undefined) {
    const cost = rollbackBytes === undefined ? '' : ` (${bytes(rollbackBytes)})`;
    lines.push(`  refit rollback goes back to ${rollback.version}${cost}`);
  }
  return `${plain(lines.join('\n'))}\n`;
}
