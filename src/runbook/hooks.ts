import type { RunState } from '../engine/replay.ts';
import type { Hook } from '../product/schema.ts';
import { expand } from '../product/template.ts';
import { type Facts, targetVersion } from './facts.ts';
import { textOf } from './outputs.ts';

/** A hook as a plan carries it: nothing left to be looked up. */
export type PlannedHook = {
  readonly name: string;
  readonly run: readonly string[];
  readonly undo: readonly string[] | null;
  readonly user: string | null;
  readonly timeoutMs: number;
  readonly onFailure: 'abort' | 'warn';
};

/** The hooks of a profile that stand at this place, in its order. */
export function hooksAt(facts: Facts, place: Hook['at']): readonly PlannedHook[] {
  const scope = { ...facts.installation.scope, version: targetVersion(facts) };
  const words = (argv: readonly string[]): readonly string[] => argv.map((word) => expand(word, scope));
  return facts.profile.hooks
    .filter(({ at }) => at === place)
    .map(({ name, run, undo, user, timeout, on_failure }) => ({
      name,
      run: words(run),
      undo: undo === undefined ? null : words(undo),
      user: user ?? null,
      timeoutMs: timeout,
      onFailure: on_failure ?? (place.startsWith('before-') ? 'abort' : 'warn'),
    }));
}

/** What hooks failed of that were only to warn. */
export function hookWarnings({ places, steps }: RunState): readonly string[] {
  return places
    .filter(({ step }) => step.kind === 'hook')
    .flatMap(({ index }) => textOf(steps[index]?.output, 'warning') ?? []);
}
