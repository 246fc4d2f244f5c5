import type { RunState } from '../engine/replay.ts';
import { pauseOf } from '../engine/standing.ts';
import { RefitError } from '../errors.ts';
import { factsOf } from './facts.ts';
import { onceReturned } from './outputs.ts';
import { isAdditive, type Schemas } from './schema-guard.ts';

/** What can be undone of a run: all of it; all but its data, whose copy cannot be trusted; or nothing. */
export type WayBack = 'whole' | 'without data' | 'none';

/**
 * From a copy that could not be restored nothing is put back. Then the old version may only go back to the data as it is now
 * where that has no migration which it does not know; no product here refuses those by itself.
 */
export function wayBackOf(state: RunState): WayBack {
  // On the way back the steps that told are undone already, and what they told still holds.
  const distrusted = state.stepPauses.some(({ reason }) => reason === 'no-way-back');
  const tried = (onceReturned(state, 'prove-copy') as { readonly proven?: boolean } | undefined)?.proven;
  if (!distrusted || tried === true) return 'whole';
  const added = (onceReturned(state, 'prove-schema') as { readonly added?: readonly string[] } | undefined)?.added;
  if (added === undefined) return 'none';
  const { new: newer = [] } = (onceReturned(state, 'learn-schema') ?? {}) as Partial<Schemas>;
  const { from, to } = state.plan;
  const fits = added.length === 0 || isAdditive(factsOf(state.plan).profile.migrate, { from, to }, { newer, added });
  return fits ? 'without data' : 'none';
}

/** Refuses, before anything is stopped, a way back that would end between two versions. */
export function requireWayBack(state: RunState): void {
  if (wayBackOf(state) !== 'none') return;
  const { to } = state.plan;
  throw new RefitError(
    'E_COPY_UNPROVEN',
    `Cannot go back: ${pauseOf(state)?.failure.message ?? 'the copy of the data cannot be trusted'}`,
    { hint: `refit resume tries the copy again; refit resume --waive no-way-back stays at ${to}` },
  );
}
