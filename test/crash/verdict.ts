import type { StoredRun } from '../../src/runbook/store/runs.ts';
import type { Traced } from './points.ts';

export interface Verdict {
  /** Whether the trial came to its point: the number of events differs a little from run to run. */
  readonly reached: boolean;
  readonly problems: readonly string[];
  /** What the run ended as, for the reader of a failure. */
  readonly ended: string;
}

/** What a scenario's command does when nothing disturbs it. */
export interface Undisturbed {
  /** Its effects, from where the scenario looks at them. */
  readonly effects: readonly Traced[];
  readonly verdict: Verdict;
}

/** What a run ended as, and why. */
export function endOf(run: StoredRun | undefined): string {
  if (run === undefined) return 'nothing begun';
  const { failures, warnings, undoFailures, ended } = run.state;
  const words = [...failures, ...undoFailures, ...warnings].map(({ failure }) => `${failure.code}: ${failure.message}`);
  return [ended ?? 'not ended', ...words].join('; ');
}
