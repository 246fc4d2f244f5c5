import { RefitError } from '../errors.ts';
import { factsOf } from '../runbook/facts.ts';
import { resolvesTo } from '../runbook/resolves-to.ts';
import type { StoredRun } from '../runbook/store/runs.ts';

/** An open run goes where its plan says; asking for another version meanwhile is a mistake worth hearing of. */
export function requireSameTarget({ id, state }: StoredRun, to: string | undefined): void {
  const { plan } = state;
  if (to === undefined || resolvesTo(to, plan.to)) return;
  throw new RefitError('E_RUN_OPEN', `Cannot go to ${to}: the run ${id} to ${plan.to} is not finished`, {
    hint: 'refit resume finishes it, refit rollback goes back; then ask again',
  });
}

/** What an open run reads before its commit was decided when it began: one more would be left out without a word. */
export function requireSameSpotChecks({ id, state }: StoredRun, wanted: readonly string[]): void {
  const { spotChecks } = factsOf(state.plan).options;
  const more = wanted.filter((stack) => !spotChecks.includes(stack));
  if (more.length === 0) return;
  const expected = spotChecks.length === 0 ? 'none' : `only ${spotChecks.join(', ')}`;
  throw new RefitError(
    'E_RUN_OPEN',
    `Cannot spot-check ${more.join(', ')} in the run ${id}: it began with ${expected}`,
    {
      hint: 'Leave --spot-check away to finish it, or refit rollback and begin anew',
    },
  );
}
