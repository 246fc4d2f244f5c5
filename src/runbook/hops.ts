import { hopAt, hopOf } from '../engine/hop.ts';
import type { RunState } from '../engine/replay.ts';

/** The hop that a run is at, as if it were a run of its own. */
export function presentHop(state: RunState): RunState {
  return hopOf(state, hopAt(state));
}

/** The first hop of a run: what it keeps is what there was before all of them. */
export function firstHop(state: RunState): RunState {
  return hopOf(state, 0);
}
