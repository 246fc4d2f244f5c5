import type { Advisory } from '../version/path/advisory.ts';
import { contradictions } from '../version/path/contradictions.ts';
import { POLICY_OPTIONS } from '../version/path/options.ts';
import { POLICY_NAMES } from '../version/path/policy.ts';
import { isRange } from '../version/range.ts';
import { parseVersion } from '../version/version.ts';
import type { Problem } from './problem.ts';
import { itemsAt, placeOf, scalarAt, type Tree, treeAt } from './tree.ts';

/** Rules for the way that nobody can follow, or that another policy would have to. */
export function upgradeProblems(tree: Tree): readonly Problem[] {
  const problem = (path: string, message: string): Problem => ({
    at: placeOf(tree, path.split('.'), 'value'),
    path,
    message,
  });
  const advisories = itemsAt(tree, 'upgrades', 'advisories').map(advisoryOf);
  const hooks = new Set(itemsAt(tree, 'hooks').map((hook) => String(scalarAt(hook, 'name'))));
  // What is no advisory by itself is told of by its shape.
  const sound = advisories.flatMap((each) => each ?? []);
  const found = sound.length === advisories.length ? contradictions(sound, hooks) : [];
  return [
    ...strayOptions(tree).map(([key, message]) => problem(`upgrades.${key}`, message)),
    ...found.map(({ index, saw, expected }) =>
      problem(`upgrades.advisories.${index}`, `saw ${saw}, expected ${expected}`),
    ),
  ];
}

function strayOptions(tree: Tree): readonly (readonly [key: string, message: string])[] {
  const upgrades = treeAt(tree, 'upgrades');
  if (upgrades?.kind !== 'map') return [];
  const name = POLICY_NAMES.find((each) => each === (scalarAt(upgrades, 'policy') ?? 'none'));
  if (name === undefined) return [];
  const all = POLICY_NAMES.flatMap((policy) =>
    POLICY_OPTIONS[policy].map((option) => [keyOf(option), policy] as const),
  );
  return all
    .filter(([key, policy]) => policy !== name && upgrades.entries.has(key))
    .map(([key, policy]) => [key, `saw an option of ${policy}, expected none of another policy than ${name}`] as const);
}

function keyOf(option: string): string {
  return option.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** Undefined where a value of it is not what it should be. */
function advisoryOf(item: Tree): Advisory | undefined {
  const said = (key: string) => {
    const value = scalarAt(item, key);
    return typeof value === 'string' ? value : undefined;
  };
  const [from, to, avoid, require] = [said('from'), said('to'), said('avoid'), said('require')];
  const migration = scalarAt(item, 'migration') === true ? true : undefined;
  const isText =
    item.kind === 'map' &&
    [...item.entries].every(
      ([key, { tree }]) => key === 'migration' || typeof (tree.kind === 'scalar' ? tree.value : undefined) === 'string',
    );
  const severity = (['inhibit', 'warning', 'info'] as const).find((each) => each === said('severity'));
  if (!isText || [from, to, avoid].some((range) => range !== undefined && !isRange(range))) return undefined;
  if (require !== undefined && parseVersion(require) === undefined) return undefined;
  const [hook, before, after] = [said('hook'), said('before'), said('after')];
  return {
    code: said('code') ?? '',
    from,
    to,
    avoid,
    require,
    migration,
    hook,
    before,
    after,
    severity,
    why: said('why') ?? '',
  };
}
