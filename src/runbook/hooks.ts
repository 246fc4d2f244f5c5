import type { RunState } from '../engine/replay.ts';
import type { Hook } from '../product/schema.ts';
import { expand } from '../product/template.ts';
import { listed } from '../version/catalogue.ts';
import { advisoriesOf } from '../version/path/advisory.ts';
import { parseVersion } from '../version/version.ts';
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

/** The hooks of a profile that stand at this place, in its order; one that an advisory names on the steps it speaks of only. */
export function hooksAt(facts: Facts, place: Hook['at']): readonly PlannedHook[] {
  const scope = { ...facts.installation.scope, version: targetVersion(facts) };
  const words = (argv: readonly string[]): readonly string[] => argv.map((word) => expand(word, scope));
  return facts.profile.hooks
    .filter(({ at, name }) => at === place && isMeant(facts, name))
    .map(({ name, run, undo, user, timeout, on_failure }) => ({
      name,
      run: words(run),
      undo: undo === undefined ? null : words(undo),
      user: user ?? null,
      timeoutMs: timeout,
      onFailure: on_failure ?? (place.startsWith('before-') ? 'abort' : 'warn'),
    }));
}

function isMeant({ profile, installation, target }: Facts, name: string): boolean {
  const naming = profile.upgrades.advisories.filter(({ hook }) => hook === name);
  if (naming.length === 0) return true;
  const from = parseVersion(installation.version);
  const to = target.kind === 'release' ? parseVersion(target.tag) : undefined;
  // The way back is no step that an advisory speaks of: what the hook did is for its `undo`.
  if (from === undefined || to === undefined) return false;
  return advisoriesOf(naming, listed(from), listed(to), new Set()).length > 0;
}

/** What hooks failed of that were only to warn. */
export function hookWarnings({ places, steps }: RunState): readonly string[] {
  return places
    .filter(({ step }) => step.kind === 'hook')
    .flatMap(({ index }) => textOf(steps[index]?.output, 'warning') ?? []);
}
