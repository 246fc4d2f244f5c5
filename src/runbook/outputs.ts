import type { Json } from '../engine/json.ts';
import type { RunState, StepStatus } from '../engine/replay.ts';

const FINISHED: readonly (StepStatus | undefined)[] = ['done', 'kept', 'discarded'];

/** What the last finished step of that kind returned; undefined if there is none, or it was undone. */
export function outputOf({ places, steps }: RunState, kind: string): Json | undefined {
  const place = places.findLast(({ index, step }) => step.kind === kind && FINISHED.includes(steps[index]?.status));
  return place === undefined ? undefined : steps[place.index]?.output;
}

/** What a step of that kind returned, also where it was undone since; undefined where none has ended. */
export function onceReturned({ places, steps }: RunState, kind: string): Json | undefined {
  const place = places.findLast(({ step }) => step.kind === kind);
  return (place === undefined ? undefined : steps[place.index]?.output) ?? undefined;
}

/** Whether a step of that kind was begun, finished or not. */
export function hasBegun({ places, steps }: RunState, kind: string): boolean {
  return places.some(({ index, step }) => step.kind === kind && steps[index]?.status !== 'pending');
}

/** A text among the facts that a step returned. */
export function textOf(output: Json | undefined, key: string): string | undefined {
  if (typeof output !== 'object' || output === null || Array.isArray(output)) return undefined;
  const value = (output as { readonly [key: string]: Json })[key];
  return typeof value === 'string' ? value : undefined;
}
