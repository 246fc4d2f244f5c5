import { hopOf } from '../engine/hop.ts';
import type { RunState } from '../engine/replay.ts';
import type { Facts, FormerOwners } from './facts.ts';
import { outputOf } from './outputs.ts';

/** Of a run that changed whom the service runs as, there or back, in whichever of its hops. */
export function formerOwners(state: RunState): Pick<Facts, 'formerOwners'> {
  for (const [hop] of state.plan.hops.entries()) {
    const one = hopOf(state, hop);
    const made = (outputOf(one, 'change-user') ?? outputOf(one, 'restore-owners')) as FormerOwners | undefined;
    if (made !== undefined) return { formerOwners: { user: made.user, owners: made.owners } };
  }
  return {};
}
