import { actionLines } from './actions.ts';
import { neutral } from './neutral.ts';

/** What a version's publisher says of it, fit to be shown anywhere. */
export interface ReleaseNotes {
  readonly tag: string;
  readonly text: string;
  /** The lines of it that ask somebody to do something. */
  readonly actions: readonly string[];
}

/** Longer ones are logs. */
export const NOTES_MAX_BYTES: number = 64 * 1024;

export function readNotes(tag: string, written: string): ReleaseNotes {
  const whole = neutral(written).trim();
  const text = whole.length > NOTES_MAX_BYTES ? `${whole.slice(0, NOTES_MAX_BYTES).toWellFormed()}\n(cut here)` : whole;
  return { tag, text, actions: actionLines(text) };
}
