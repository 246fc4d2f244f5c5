import { RefitError } from '../errors.ts';
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
