import type { Json } from '../engine/json.ts';
import type { RunState } from '../engine/replay.ts';
import type { Verdict } from '../health/baseline.ts';
import { outputOf } from './outputs.ts';
import type { SpotChecked } from './steps/spot-check.ts';
import { troubleText } from './troubles.ts';

/** What a run did not hold against its release, as it was judged last; undefined where nothing was compared. */
export function verdictOf(state: RunState): Omit<Verdict, 'worse'> | undefined {
  const { already, external, notSeen } = (judgedLast(state) as Partial<Verdict> | null | undefined) ?? {};
  if (already === undefined || external === undefined || notSeen === undefined) return undefined;
  return { already, external, notSeen };
}

/** What the spot checks read before the commit, or before the pause for something outside. */
export function spotChecksOf(state: RunState): readonly SpotChecked[] {
  const { spotChecks = [] } =
    (judgedLast(state) as { readonly spotChecks?: readonly SpotChecked[] } | null | undefined) ?? {};
  return spotChecks;
}

/** How fast the server answered before the window, and at the end of the watch; null where that was not seen. */
export function answerTimes(state: RunState): { readonly beforeMs: number | null; readonly afterMs: number | null } {
  const answerMs = (kind: string): number | null =>
    (outputOf(state, kind) as { readonly answerMs?: number | null } | null | undefined)?.answerMs ?? null;
  return { beforeMs: answerMs('baseline'), afterMs: answerMs('verify-health') };
}

function judgedLast(state: RunState): Json | undefined {
  return outputOf(state, 'verify-health') ?? state.stepPauses.findLast(({ reason }) => reason === 'external')?.saw;
}

/** Whether the copy of the data could be restored, as far as that was tried. */
export function isCopyTrusted(state: RunState): boolean {
  return proofOf(state)?.proven !== false;
}

function proofOf(state: RunState): { readonly proven?: boolean; readonly saw?: string } | null | undefined {
  return outputOf(state, 'prove-copy') as { readonly proven?: boolean; readonly saw?: string } | null | undefined;
}

/** What a run committed although it could not be judged, or not be undone: in one line each. */
export function waivedTexts(state: RunState): readonly string[] {
  const { external = [] } = (outputOf(state, 'verify-health') as Partial<Verdict> | null | undefined) ?? {};
  return [
    ...(external.length === 0 ? [] : [`not well, for a reason outside of this release: ${troubleText(external)}`]),
    ...(isCopyTrusted(state) ? [] : [`the copy of the data cannot be trusted: ${proofOf(state)?.saw}`]),
  ];
}
