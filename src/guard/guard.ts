import type { Argv } from '../host/commands.ts';

/** What looks after one installation's open run. */
export interface Watch {
  /** As in the names of units: checked where it was detected. */
  readonly installation: string;
  /** Starts the worker that judges the run, without waiting for it; refused by the manager while a worker lives. */
  readonly argv: Argv;
  /** Must be mounted before that: without its journals a boot would look as if nothing were open. Absolute. */
  readonly stateDirectory: string;
  /** From arming, or from a boot, to the first look, and from each look to the next. */
  readonly intervalMs: number;
}

/** How to start this program for as long as the run is open. */
export interface OwnCopy {
  readonly argv: Argv;
  readonly copied: boolean;
  /** Why it is not a copy; absent where it is. */
  readonly reason?: string;
}

/**
 * The watchdog that outlives us: nothing resident, only units of the host's own manager that look whether a run still has a
 * worker. The embedded manager has none: nothing of the host would look. Errors of all methods: those of files, and
 * E_COMMAND_* where the manager does not answer.
 */
export interface Guard {
  /**
   * Puts this program, with its node, where no upgrade of it, no emptied cache and no unplugged disk takes it away. What
   * cannot be copied (a checkout, no room) is used where it lies, with the reason.
   */
  copySelf(installation: string): Promise<OwnCopy>;
  /** Durable when it resolves: the next boot looks too. Can be called again, after a crash in the middle too. */
  arm(watch: Watch): Promise<void>;
  /** Takes away everything that `arm` left; nothing there is fine. */
  disarm(installation: string): Promise<void>;
  /** Removes copies that no armed guard uses; never `kept`, the program of a copy that may still be running. */
  pruneCopies(kept: string): Promise<void>;
}
