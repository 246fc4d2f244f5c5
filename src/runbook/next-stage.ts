import type { RunState } from '../engine/replay.ts';

/** The stage of the first step that is not done; undefined where none is left. */
export function nextStage({ places, steps }: Pick<RunState, 'places' | 'steps'>): string | undefined {
  const place = places.find(({ index }) => ['pending', 'begun'].includes(steps[index]?.status ?? ''));
  return place?.step.stage;
}
