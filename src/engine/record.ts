import type { ErrorCode } from '../errors.ts';
import type { Json } from './json.ts';
import type { Plan } from './plan.ts';

/** What failed, as the journal keeps it. */
export interface Failure {
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
}

/** What was being tried when a process vanished. */
export type Phase = 'change' | 'revert' | 'discard';

/** How a run ends. `partial`: committed up to an earlier hop. */
export type Outcome = 'committed' | 'restored' | 'partial';

/** Who turned a run back. `deadline`: nobody came back to a run that was paused with its service down. */
export type TurnReason = 'failure' | 'operator' | 'deadline';

/** Who stopped a run between its ends: a person (`asked`, `signal`), the manager, or a step that could not decide. */
export type PauseReason = AskedPause | StepPauseReason;

export type AskedPause = 'asked' | 'signal' | 'shutdown';

/** `external`: what is wrong is outside of what the plan changes. `no-way-back`: what it did can no longer be undone. */
export type StepPauseReason = 'external' | 'no-way-back';

/** A step's own pause: what kept it from deciding, and what it saw. */
export interface StepPause {
  readonly reason: StepPauseReason;
  readonly step: number;
  readonly failure: Failure;
  readonly saw: Json;
}

/**
 * One line of the journal. Records are only ever appended. `step` is the step's index in the whole plan; `boot` is the
 * token that no boot survives, so that a crash is told from a power cut (law 13).
 */
export type JournalRecord =
  | { readonly type: 'run.begin'; readonly run: string; readonly by: string; readonly plan: Plan }
  | { readonly type: 'step.begin'; readonly step: number; readonly undo: Json; readonly boot: string }
  | { readonly type: 'try'; readonly step: number; readonly phase: Phase; readonly boot: string }
  | { readonly type: 'step.end'; readonly step: number; readonly output: Json }
  | { readonly type: 'step.fail'; readonly step: number; readonly failure: Failure }
  | { readonly type: 'run.turn'; readonly reason: TurnReason }
  | { readonly type: 'undo.end'; readonly step: number; readonly output?: Json }
  | { readonly type: 'undo.fail'; readonly step: number; readonly failure: Failure }
  | { readonly type: 'hop.commit'; readonly hop: number }
  | { readonly type: 'discard.end'; readonly step: number }
  | { readonly type: 'discard.fail'; readonly step: number; readonly failure: Failure }
  | { readonly type: 'run.pause'; readonly reason: AskedPause }
  | ({ readonly type: 'run.pause' } & StepPause)
  | { readonly type: 'run.end'; readonly outcome: Outcome };
