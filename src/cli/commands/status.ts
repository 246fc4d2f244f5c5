import { CATALOG, EXIT, RefitError } from '../../errors.ts';
import { findAll } from '../../runbook/find.ts';
import { type InstallationStatus, statusOf, statusOfRecorded } from '../../runbook/status.ts';
import { knownInstallations } from '../../runbook/store/installations.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import type { Command } from '../context.ts';
import { lookOf } from '../flags.ts';
import { say } from '../report/say.ts';
import { statusText } from '../report/status.ts';

/** What is true now: of each service first, then of its runs. Looks only; works without root where files are readable. */
export const status: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const look = lookOf(context, flags);
  const recorded = look.installation === undefined ? await recordedHere(workshop) : [look.installation];
  const found = (await findAll(workshop, look)).map(({ name }) => name);
  const all: InstallationStatus[] = [];
  for (const name of new Set([...found, ...recorded])) {
    const one = found.includes(name)
      ? await statusOf(workshop, { ...look, installation: name })
      : await statusOfRecorded(workshop, name);
    if (one !== undefined) all.push(one);
  }
  const text = all.length === 0 ? 'nothing that refit knows is installed here\n' : all.map(statusText).join('\n');
  say(context, text, { installations: all });
  return all.some(isDamaged) ? EXIT.journal : EXIT.ok;
};

/** The list of installations is root's; what is installed is found all the same. */
async function recordedHere(workshop: Workshop): Promise<readonly string[]> {
  try {
    return await knownInstallations(workshop);
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_PERMISSION') return [];
    throw error;
  }
}

function isDamaged({ problems }: InstallationStatus): boolean {
  return problems.some(({ code }) => CATALOG[code] === 'journal');
}
