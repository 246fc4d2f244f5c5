import { type Catalogue, holds, type Listed } from '../catalogue.ts';
import { compare, same } from '../version.ts';
import { type Advisory, advisoriesOf, refusal } from './advisory.ts';
import { dropInEdge } from './drop-in.ts';
import { oneMinorEdge } from './one-minor.ts';
import { type Edge, no, type Policy, yes } from './policy.ts';
import { windowEdge } from './window.ts';

/** What paths are judged by. */
export interface Rules {
  readonly catalogue: Catalogue;
  readonly policy: Policy;
  readonly advisories?: readonly Advisory[];
  /** What is true of the installation: see `Advisory.when`. */
  readonly facts?: ReadonlySet<string>;
  /** A prerelease may be the target. It is never gone through. */
  readonly allowPrerelease?: boolean;
}

/** Whether one version may directly follow another, and why. Pure. */
export function edgeBetween(rules: Rules, from: Listed, to: Listed): Edge {
  const { catalogue, policy, allowPrerelease = false } = rules;
  const ruled = byPolicy(policy, catalogue, from, to);
  if (!ruled.allowed) return ruled;
  if (to.version.prerelease && !allowPrerelease && policy.name !== 'window')
    return no('to-prerelease', `${to.version.tag} is a prerelease`);
  if (!holds(catalogue, to.version)) return no('not-in-catalogue', `there is no release ${to.version.tag}`);
  return refusal(advisoriesOf(rules.advisories ?? [], from, to, rules.facts ?? new Set()), to) ?? ruled;
}

function byPolicy(policy: Policy, catalogue: Catalogue, from: Listed, to: Listed): Edge {
  if (policy.name === 'window') return windowEdge(policy, from, to);
  if (compare(from.version, to.version) === 0)
    return same(from.version, to.version)
      ? no('same-version', `${to.version.tag} is what is there`)
      : no('same-version', `${to.version.tag} is another build of what is there`);
  switch (policy.name) {
    case 'semver-drop-in':
      return dropInEdge(policy, catalogue, from, to);
    case 'one-minor-at-a-time':
      return oneMinorEdge(policy, catalogue, from, to);
    case 'none':
      return compare(to.version, from.version) > 0
        ? yes('unknown-order', 'no rule is known')
        : no('downgrade', `${to.version.tag} is older than ${from.version.tag}`);
  }
}
