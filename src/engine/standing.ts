import { CATALOG, EXIT } from '../errors.ts';
import type { Failure, StepPause } from './record.ts';
import type { RunState } from './replay.ts';

/** What a run's journal says of the machine: one word for scripts, the cause for people. */
export interface Standing {
  readonly name: 'committed' | 'restored' | 'untouched' | 'partial' | 'mixed' | 'paused' | 'interrupted';
  /** Exit status (README, "Exit codes"). */
  readonly exit: number;
  /** What turned the run back, what could not be undone, or what a step paused it for. */
  readonly cause: Failure | undefined;
}

/** Reads a run's standing. `interrupted`: no end and no pause, so whoever drove it is still at it or was killed. */
export function standingOf(state: RunState): Standing {
  const cause = state.failures.at(0)?.failure;
  const failedBefore = state.plan.undoes !== undefined;
  if (state.ended === 'committed')
    return { name: 'committed', exit: failedBefore ? EXIT.restored : EXIT.ok, cause: undefined };
  const asked = state.turnedBy === 'operator';
  if (state.ended === 'partial') return { name: 'partial', exit: asked ? EXIT.ok : EXIT.restored, cause };
  if (state.ended === 'restored') {
    if (isTouched(state)) return { name: 'restored', exit: asked ? EXIT.ok : EXIT.restored, cause };
    // What went before it is not undone by that.
    if (failedBefore) return { name: 'untouched', exit: EXIT.restored, cause };
    const untouched = cause === undefined ? EXIT.refused : untouchedExit(cause);
    return { name: 'untouched', exit: asked ? EXIT.ok : untouched, cause };
  }
  if (state.steps.some((step) => step.stuck)) {
    return { name: 'mixed', exit: EXIT.mixed, cause: state.undoFailures.at(-1)?.failure };
  }
  return {
    name: state.paused === undefined ? 'interrupted' : 'paused',
    exit: EXIT.paused,
    cause: pauseOf(state)?.failure ?? cause,
  };
}

/** The pause that the run stands in, where a step asked for it. */
export function pauseOf({ paused, stepPauses }: Pick<RunState, 'paused' | 'stepPauses'>): StepPause | undefined {
  const last = stepPauses.at(-1);
  return last?.reason === paused ? last : undefined;
}

/** Whether a step that changes the product was ever begun. */
export function isTouched(state: RunState): boolean {
  return state.places.some(({ index, step }) => step.touches && state.steps[index]?.status !== 'pending');
}

/** An error that by itself means "restored" left the machine untouched if nothing had been begun. */
function untouchedExit({ code }: Failure): number {
  const exit = EXIT[CATALOG[code]];
  return exit === EXIT.restored ? EXIT.refused : exit;
}
