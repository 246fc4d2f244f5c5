import { RefitError } from '../errors.ts';
import { findOpenRun, type Which } from '../runbook/store/installations.ts';
import { storePaths } from '../runbook/store/paths.ts';
import type { StoredRun } from '../runbook/store/runs.ts';
import type { Wish } from '../runbook/wish.ts';
import type { Workshop } from '../runbook/workshop.ts';

/** The open run that is meant, for a command that would go on with it. Rejects with E_LOCKED where a worker is at it. */
export async function openRunFor(workshop: Workshop, which: Which): Promise<StoredRun | undefined> {
  const open = await asRoot(workshop, () => findOpenRun(workshop, which));
  if (open === undefined) return undefined;
  const { installation } = open.state.plan;
  const { held, holder } = await workshop.host.lock.holder(storePaths(workshop.stateDirectory, installation).lock);
  if (!held) return open;
  const who = holder === undefined ? 'another refit' : `${holder.who} with "${holder.command}" since ${holder.since}`;
  throw new RefitError('E_LOCKED', `Cannot change ${installation} now: saw ${who} at work on it`, {
    hint: 'refit attach shows it',
  });
}

/** Refuses to begin anything while a run is open. */
export async function requireNoOpenRun(workshop: Workshop, which: Which): Promise<void> {
  const open = await openRunFor(workshop, which);
  if (open === undefined) return;
  const { installation, from, to } = open.state.plan;
  throw new RefitError('E_RUN_OPEN', `Cannot begin: the run of ${installation} from ${from} to ${to} is not finished`, {
    hint: 'refit resume finishes it, refit rollback goes back',
  });
}

/** Said before anything is looked at: without root the env file cannot be read, and that would be blamed. */
export function requireRootFor(workshop: Workshop, { prefix }: Pick<Wish, 'prefix'>): void {
  if (workshop.systemd !== undefined && prefix === undefined) requireRoot(workshop, 'systemd');
}

export function requireRoot(workshop: Workshop, manager: 'systemd' | 'embedded'): void {
  if (manager === 'systemd' && workshop.host.identity.uid !== 0) throw notRoot(workshop);
}

/** Journals are 0700: who may not read them is told who may. */
export async function asRoot<T>(workshop: Workshop, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_PERMISSION') throw notRoot(workshop);
    throw error;
  }
}

function notRoot({ host }: Workshop): RefitError {
  return new RefitError('E_NOT_ROOT', `Cannot change what systemd runs: saw uid ${host.identity.uid}, expected root`, {
    hint: 'Type the command again with sudo',
  });
}

/** An open run that goes back, or is no upgrade, can only be finished or undone. */
export function requireUpgrade({ id, state }: StoredRun): void {
  const { heading, plan } = state;
  if (heading === 'forward' && plan.purpose === 'upgrade') return;
  const what = heading === 'back' ? 'is on its way back' : `is of another kind (${plan.purpose})`;
  throw new RefitError('E_RUN_OPEN', `Cannot upgrade ${plan.installation}: its open run ${id} ${what}`, {
    hint: 'refit resume finishes it first',
  });
}
