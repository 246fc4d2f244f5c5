import type { Plan } from './plan.ts';
import type { RunState } from './replay.ts';

/** The hop that a run is at: the first that is not committed, or its last. */
export function hopAt({ committedHops, plan }: Pick<RunState, 'committedHops' | 'plan'>): number {
  return Math.min(committedHops, plan.hops.length - 1);
}

/** One hop of a plan, as a plan of its own. */
export function planOfHop(plan: Plan, hop: number): Plan {
  const only = plan.hops[hop];
  if (only === undefined) throw new Error(`internal: no hop ${hop}`);
  const { from, to, facts = plan.facts } = only;
  return { ...plan, from, to, facts, hops: [only] };
}

/**
 * One hop of a run, as if it were a run of its own: whoever asks what the steps of that kind returned, asks those of this hop.
 * Its steps keep the indexes that they have in the journal.
 */
export function hopOf(state: RunState, hop: number): RunState {
  const { plan, places, committedHops, stepPauses } = state;
  if (plan.hops.length === 1) return state;
  const isOfHop = (step: number) => places[step]?.hop === hop;
  return {
    ...state,
    plan: planOfHop(plan, hop),
    places: places.filter((place) => place.hop === hop).map((place) => ({ ...place, hop: 0 })),
    committedHops: committedHops > hop ? 1 : 0,
    stepPauses: stepPauses.filter(({ step }) => isOfHop(step)),
  };
}

/** The version that a run left installed; undefined where it committed no hop, or is not over. */
export function versionLeft({ plan, committedHops, ended }: RunState): string | undefined {
  if (ended === undefined) return undefined;
  return ended === 'committed' ? plan.to : plan.hops[committedHops - 1]?.to;
}
