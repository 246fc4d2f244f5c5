import { CRASH_LIMIT } from '../../engine/decide.ts';
import type { RunState } from '../../engine/replay.ts';
import { externalPauses } from '../guarded.ts';

/** What the guard saw of an open run that nobody works on. */
export interface Seen {
  /** The service runs. */
  readonly up: boolean;
  /** The pause lasts longer than the run allowed itself. */
  readonly overdue: boolean;
}

/** `on`: drive it on, in its direction, and let its own steps judge; `back`: turn it first; `leave`: a person's business. */
export type Fate = 'on' | 'back' | 'leave';

/** What the guard does about a run. Pure. */
export function fateOf(state: RunState, { up, overdue }: Seen): Fate {
  // Its way back failed: trying it for ever is what law 13 forbids, and a person was told.
  if (state.steps.some(({ stuck }) => stuck)) return 'leave';
  // Nobody asked for this: its worker was killed, or the host went down under it.
  if (state.paused === undefined || state.paused === 'shutdown') return 'on';
  // The service runs, there is no way back to take, and what is missing is a person's word.
  if (state.paused === 'no-way-back') return 'leave';
  if (!overdue) return 'leave';
  // Outside may be mended by now. Judged so often in vain it is not judged for ever (law 13): then, what runs is a person's
  // business, and what does not goes back.
  if (state.paused === 'external') return externalPauses(state) < CRASH_LIMIT ? 'on' : up ? 'leave' : 'back';
  if (up) return 'leave';
  // The old version was stopped and nothing started since: nobody came back to what was typed.
  return state.heading === 'forward' && !isStarted(state) ? 'back' : 'on';
}

function isStarted({ places, steps, committedHops }: RunState): boolean {
  return places.some(
    ({ index, hop, step }) => hop === committedHops && step.kind === 'start' && steps[index]?.status !== 'pending',
  );
}
