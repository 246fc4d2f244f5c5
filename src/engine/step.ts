import { type ErrorCode, type ErrorDetail, RefitError } from '../errors.ts';
import type { Json } from './json.ts';
import type { StepPauseReason } from './record.ts';

/**
 * One reversible change to the machine: four functions facing each other.
 *
 * A step never remembers anything between calls. What it must know in order to reverse itself is what `prepare`
 * returned, and that is on disk before `change` is called. A process killed at any instant can therefore be continued,
 * or unwound, by another process.
 */
export interface Step<World, In = Json, Undo = Json> {
  /** Look, and touch nothing. Returns all that `revert` will need. */
  prepare(world: World, input: In, stop: AbortSignal): Promise<Undo>;

  /**
   * Make the change. Called again after a crash, so a second call must be harmless. Returns facts for the journal. Throws
   * `Undecided` where only a person can go on; it is called again when one does.
   */
  change(world: World, input: In, undo: Undo, stop: AbortSignal): Promise<Json>;

  /**
   * Put back what `prepare` saw. Called after `change` finished, failed, or was cut short, so it must accept all three.
   * Throws if it cannot; it never pretends. May return facts for the journal.
   */
  revert(world: World, input: In, undo: Undo, stop: AbortSignal): Promise<Json> | Promise<void>;

  /**
   * Throw away what was kept for `revert`, or do what no failure may undo the hop for. Called once the hop is committed; re-callable;
   * its failure is a warning. What takes long listens to `stop`: there is no pause after a commit, so a person's wish to stop
   * (`Interrupted` by a signal) is a failure too, as a RefitError; a manager's is thrown on.
   */
  discard?(world: World, input: In, undo: Undo, stop: AbortSignal): Promise<void>;

  /** On resume, whether what a finished `change` left still stands (law 9). Throws a RefitError where it does not. */
  recheck?(world: World, input: In, undo: Undo, output: Json): Promise<void>;
}

/** Thrown by a step, through its `stop` signal, when it stopped early and safely. Not a failure. */
export class Interrupted extends Error {
  readonly reason: 'signal' | 'shutdown';

  constructor(reason: 'signal' | 'shutdown') {
    super(`interrupted by ${reason}`);
    this.reason = reason;
  }
}

/**
 * Thrown by a step's `change` that can neither succeed nor be held against what the plan changes: the run pauses where it is.
 * Anywhere else, and in the window, where no run may pause, it is a failure like any other.
 */
export class Undecided extends RefitError {
  readonly reason: StepPauseReason;
  /** What was seen, for the journal. */
  readonly saw: Json;

  constructor(
    reason: StepPauseReason,
    code: ErrorCode,
    message: string,
    { saw = null, ...detail }: ErrorDetail & { readonly saw?: Json } = {},
  ) {
    super(code, message, detail);
    this.reason = reason;
    this.saw = saw;
  }
}
