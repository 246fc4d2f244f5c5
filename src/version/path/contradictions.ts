import semverIntersects from 'semver/ranges/intersects.js';
import semverSubset from 'semver/ranges/subset.js';
import { type Advisory, binding } from './advisory.ts';
import { circle } from './circle.ts';

/** What is wrong with an advisory, or with two: `index` is its place in the list. */
export interface Contradiction {
  readonly index: number;
  readonly saw: string;
  readonly expected: string;
}

/** What nobody can obey, found when the advisories are loaded and not when a server waits. Their ranges and versions are sound. */
export function contradictions(advisories: readonly Advisory[], hooks: ReadonlySet<string>): readonly Contradiction[] {
  const found = advisories.flatMap((each, index) => alone(each, index, hooks));
  return found.length > 0 ? found : together(advisories);
}

function alone(each: Advisory, index: number, hooks: ReadonlySet<string>): readonly Contradiction[] {
  const { code, to, avoid, require, migration, hook, before, after } = each;
  const found: Contradiction[] = [];
  if ([require, avoid, migration, hook, before, after].every((part) => part === undefined))
    found.push({
      index,
      saw: `nothing that ${code} asks for`,
      expected: 'require, avoid, migration, hook, before or after',
    });
  if (require !== undefined && to !== undefined && !semverIntersects(to, `>=${require}`))
    found.push({ index, saw: `no version that is both ${to} and at least ${require}`, expected: 'one that is' });
  if (hook !== undefined && !hooks.has(hook))
    found.push({ index, saw: `the hook "${hook}"`, expected: hooks.size === 0 ? 'it among hooks' : named(hooks) });
  return found;
}

function together(advisories: readonly Advisory[]): readonly Contradiction[] {
  const rules = binding(advisories);
  const found = rules.flatMap((one) =>
    rules.flatMap((other): readonly Contradiction[] => {
      if (one.require === undefined || other.avoid === undefined || !speaksOfAll(other, one)) return [];
      if (!covers(other.avoid, one)) return [];
      const saw = `${one.code} requires ${one.require}, and ${other.code} avoids ${other.avoid}`;
      return [{ index: advisories.indexOf(one), saw, expected: 'a version that both leave' }];
    }),
  );
  if (found.length > 0) return found;
  const ring = circle(rules);
  if (ring === undefined) return [];
  const saw = `no way from ${ring.from} to ${ring.to} past ${ring.codes.join(' and ')} together`;
  return [
    { index: advisories.findIndex(({ code }) => code === ring.codes[0]), saw, expected: 'one, as past each alone' },
  ];
}

/** Whether nothing that `one` requires is left by what is avoided. */
function covers(avoid: string, { require, to }: Advisory): boolean {
  const asked = to === undefined ? `>=${require}` : `>=${require} ${to}`;
  return semverSubset(asked, avoid);
}

/** Whether one speaks of every step that the other does: of some alone another way may lead around. */
function speaksOfAll(one: Advisory, other: Advisory): boolean {
  const within = (part: string | undefined, whole: string | undefined) =>
    whole === undefined || (part !== undefined && semverSubset(part, whole));
  const always = one.when === undefined || one.when === other.when;
  const asked = other.to === undefined ? undefined : `>=${other.require} ${other.to}`;
  return always && within(other.from, one.from) && within(asked, one.to);
}

function named(hooks: ReadonlySet<string>): string {
  return `a hook of this profile: ${[...hooks].join(', ')}`;
}
