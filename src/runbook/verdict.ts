import type { RunState } from '../engine/replay.ts';
import type { Verdict } from '../health/baseline.ts';
import { outputOf } from './outputs.ts';
import { troubleText } from './troubles.ts';

/** What a run that was committed did not hold against its release; undefined where nothing was compared. */
export function verdictOf(state: RunState): Omit<Verdict, 'worse'> | undefined {
  const output = outputOf(state, 'verify-health') as Partial<Verdict> | null | undefined;
  const { already, external, notSeen } = output ?? {};
  if (already === undefined || external === undefined || notSeen === undefined) return undefined;
  return { already, external, notSeen };
}

/** What turned bad for a reason outside of the release, in one line; undefined where nothing did. */
export function outsideText(state: RunState): string | undefined {
  const external = verdictOf(state)?.external ?? [];
  return external.length === 0 ? undefined : `not well, for a reason outside of this release: ${troubleText(external)}`;
}
