import { JournalUnwritable } from '../../engine/journal.ts';
import type { RunState } from '../../engine/replay.ts';
import { isTouched, standingOf } from '../../engine/standing.ts';
import { CATALOG, EXIT, exitOf, RefitError } from '../../errors.ts';
import type { WorkAnswer } from './request.ts';

/**
 * How a command ended whose run could not be driven on. The exit status says what state the machine is in, not what threw:
 * `state` is the run as its journal has it, undefined where none was begun. What is no error of ours is thrown on.
 */
export function cutShort(error: unknown, state: RunState | undefined): WorkAnswer {
  if (error instanceof JournalUnwritable) return unwritable(error, state);
  if (!(error instanceof RefitError)) throw error;
  const exit = state === undefined || !isTouched(state) || isOfJournal(error) ? exitOf(error) : standingOf(state).exit;
  return { exit, error: wordsOf(error) };
}

export function wordsOf({ code, message, hint }: RefitError): NonNullable<WorkAnswer['error']> {
  return hint === undefined ? { code, message } : { code, message, hint };
}

/** Law 15: a run that was under way stands between two versions, unless it had reached its end. */
function unwritable({ message, cause }: JournalUnwritable, state: RunState | undefined): WorkAnswer {
  const touched = state !== undefined && isTouched(state);
  const next = touched ? 'refit resume' : 'type the command again';
  const error = { code: cause.code, message, hint: `Make its file system writable, with room, then ${next}` };
  if (!touched) return { exit: EXIT.refused, error };
  const committed = state.committedHops === state.plan.hops.length;
  return { exit: committed ? EXIT.paused : EXIT.mixed, error };
}

function isOfJournal({ code }: RefitError): boolean {
  return CATALOG[code] === 'journal';
}
