import type { Place } from './plan.ts';
import type { AskedPause, Outcome } from './record.ts';
import { type RunState, stepOf } from './replay.ts';

/** A step whose change, revert or discard took the process down this often within one boot is not tried again (law 13). */
export const CRASH_LIMIT = 3;

/** What the caller wants, beside what the journal says. */
export interface Asked {
  /** The token of this boot. */
  readonly boot: string;
  /** A person or the manager asked to stop between steps. */
  readonly pause: AskedPause | undefined;
  /** Stop after this stage: a stage verb was typed. */
  readonly until: string | undefined;
}

export type Action =
  | { readonly type: 'prepare' | 'change' | 'revert' | 'discard'; readonly step: number }
  /** The crash limit is reached: what was tried counts as failed. */
  | { readonly type: 'give-up'; readonly step: number; readonly phase: 'change' | 'revert' | 'discard' }
  | { readonly type: 'commit'; readonly hop: number }
  | { readonly type: 'end'; readonly outcome: Outcome }
  | { readonly type: 'pause'; readonly reason: AskedPause }
  | { readonly type: 'stop'; readonly outcome: Outcome | 'mixed' };

/** The whole policy of a run: given what the journal says, the one next thing to do. Pure. */
export function decide(state: RunState, asked: Asked): Action {
  if (state.ended !== undefined) return { type: 'stop', outcome: state.ended };
  // A shutting-down manager refuses starts, and they would be blamed on the release: touch nothing (law 7).
  if (asked.pause === 'shutdown') return { type: 'pause', reason: 'shutdown' };

  const kept = state.steps.findIndex((step) => step.status === 'kept');
  if (kept !== -1) return tryOrGiveUp(state, kept, 'discard', asked.boot);

  return state.heading === 'back' ? goBack(state, asked) : goForward(state, asked);
}

function goBack(state: RunState, asked: Asked): Action {
  const step = state.steps.findLastIndex(({ status }) => status === 'begun' || status === 'done');
  if (step === -1) return { type: 'end', outcome: outcomeOfBack(state) };
  if (stepOf(state, step).stuck) return { type: 'stop', outcome: 'mixed' };
  return tryOrGiveUp(state, step, 'revert', asked.boot);
}

/** A way back that was asked for after the last commit has nothing left to undo: the upgrade happened. */
function outcomeOfBack({ committedHops, plan }: RunState): Outcome {
  if (committedHops === plan.hops.length) return 'committed';
  return committedHops > 0 ? 'partial' : 'restored';
}

function goForward(state: RunState, asked: Asked): Action {
  const hop = state.committedHops;
  if (hop === state.plan.hops.length) return { type: 'end', outcome: 'committed' };
  const open = state.places.filter(({ index }) => {
    const { status } = stepOf(state, index);
    return status === 'pending' || status === 'begun';
  });
  // Of a later hop some may come before: what is ahead.
  const [place] = open;
  if (place === undefined || !open.some((each) => each.hop === hop)) return { type: 'commit', hop };
  if (stepOf(state, place.index).status === 'begun') {
    // It stopped early because of this very pause. Called again at once it would stop early again, and seem to crash.
    if (asked.pause !== undefined && !place.step.window) return { type: 'pause', reason: asked.pause };
    return tryOrGiveUp(state, place.index, 'change', asked.boot);
  }

  if (asked.until !== undefined && isBeyond(state, place, asked.until)) return { type: 'pause', reason: 'asked' };
  const before = place.first ? undefined : state.places[place.index - 1];
  const inWindow = before?.step.window === true && place.step.window;
  if (asked.pause !== undefined && !inWindow) return { type: 'pause', reason: asked.pause };
  return { type: 'prepare', step: place.index };
}

/** After the last stage of a hop its next one begins with an earlier stage: beyond what was asked for all the same. */
function isBeyond({ plan: { stages } }: RunState, { hop, first, step }: Place, until: string): boolean {
  return stages.indexOf(step.stage) > stages.indexOf(until) || (hop > 0 && first && until === stages.at(-1));
}

function tryOrGiveUp(state: RunState, step: number, phase: 'change' | 'revert' | 'discard', boot: string): Action {
  const { tries } = stepOf(state, step);
  const crashed = tries !== undefined && tries.phase === phase && tries.boot === boot && tries.count >= CRASH_LIMIT;
  return crashed ? { type: 'give-up', step, phase } : { type: phase, step };
}
