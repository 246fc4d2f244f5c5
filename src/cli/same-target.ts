import { RefitError } from '../errors.ts';
import { factsOf } from '../runbook/facts.ts';
import { digestsOf, mismatch } from '../runbook/pinned.ts';
import { resolvesTo } from '../runbook/resolves-to.ts';
import type { StoredRun } from '../runbook/store/runs.ts';
import type { Workshop } from '../runbook/workshop.ts';

/** An open run goes where its plan says; asking for another version meanwhile is a mistake worth hearing of. */
export function requireSameTarget({ id, state }: StoredRun, to: string | undefined): void {
  const { plan } = state;
  if (to === undefined || resolvesTo(to, plan.to)) return;
  throw new RefitError('E_RUN_OPEN', `Cannot go to ${to}: the run ${id} to ${plan.to} is not finished`, {
    hint: 'refit resume finishes it, refit rollback goes back; then ask again',
  });
}

/** An open run was planned before: it goes on only where its plan is what is pinned, down to the digests. */
export async function requireSamePin(
  workshop: Workshop,
  { state }: StoredRun,
  file: string | undefined,
): Promise<void> {
  if (file === undefined) return;
  const pin = await workshop.releases.readPin(file);
  const { target } = factsOf(state.plan);
  const pins = target.kind === 'release' ? (target.pins ?? {}) : {};
  const digests = digestsOf(pin);
  const isSame =
    target.kind === 'release' &&
    target.archives.every(({ asset: { name } }) => pins[name] !== undefined && pins[name] === digests[name]);
  if (isSame && pin.version === state.plan.to) return;
  throw mismatch(file, `an open run to ${state.plan.to}${isSame ? '' : ' that was not begun with it'}`, pin.version);
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
