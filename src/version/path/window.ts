import type { Listed } from '../catalogue.ts';
import { compareBuild, parseVersion } from '../version.ts';
import { type Edge, no, type Policy, yes } from './policy.ts';

/**
 * bilbycast-edge's version window (manifest.rs), in its order: floor, equality, major, minors back. Forward has no limit within
 * the major; patches and suffixes are not looked at. Build metadata counts, as Rust's semver orders it and npm's does not.
 */
export function windowEdge({ floor, grace }: Extract<Policy, { name: 'window' }>, from: Listed, to: Listed): Edge {
  const [old, next] = [from.version, to.version];
  if (floor !== undefined) {
    const least = parseVersion(floor);
    if (least === undefined) return no('below-floor', `min_version "${floor}" is not valid semver`);
    if (compareBuild(next, least) < 0) return no('below-floor', `${next.tag} is below min_version ${floor}`);
  }
  if (compareBuild(next, old) === 0) return no('same-version', `${next.tag} matches the currently installed version`);
  if (to.major !== from.major) return no('other-major', `${next.tag} is of another major than ${old.tag}`);
  if (to.minor + grace < from.minor)
    return no('beyond-grace', `${next.tag} is ${from.minor - to.minor} minors back, rollback_grace is ${grace}`);
  if (to.minor !== from.minor) return yes(to.minor > from.minor ? 'minor' : 'minor-back', 'within the window');
  if (next.number === old.number) return yes('build', 'another build of the same version');
  return yes(compareBuild(next, old) > 0 ? 'patch' : 'patch-back', 'within the window');
}
