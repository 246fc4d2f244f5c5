import { type Catalogue, firstMinor, type Listed, newestOf, nextMajor, nextMinor } from '../catalogue.ts';
import { same } from '../version.ts';
import { downgrade } from './downgrade.ts';
import { patchEdge } from './patch.ts';
import { type Edge, no, type Policy, yes } from './policy.ts';

type OneMinor = Extract<Policy, { name: 'one-minor-at-a-time' }>;

/**
 * Docker Trusted Registry's three rules: patches skip; minors do not, from any patch to any; majors one at a time, to the
 * earliest minor there is. The two things its documentation leaves open are options of the policy.
 */
export function oneMinorEdge(policy: OneMinor, catalogue: Catalogue, from: Listed, to: Listed): Edge {
  const older = downgrade(from, to);
  if (older !== undefined) return older;
  if (to.major !== from.major) return majorEdge(policy, catalogue, from, to);
  if (to.minor === from.minor) return patchEdge(catalogue, from, to);
  const next = nextMinor(catalogue, from);
  // A minor of which there are only prereleases is no release that could be left out.
  if (next === undefined || to.minor <= next)
    return yes('minor', `${to.major}.${to.minor} is the minor after ${from.major}.${from.minor}`);
  return no('skip-minor', `${from.major}.${next} lies between ${from.version.tag} and ${to.version.tag}`);
}

function majorEdge(policy: OneMinor, catalogue: Catalogue, from: Listed, to: Listed): Edge {
  const next = nextMajor(catalogue, from);
  if (next !== undefined && to.major > next)
    return no('skip-major', `${next}.x lies between ${from.version.tag} and ${to.version.tag}`);
  const first = firstMinor(catalogue, to.major);
  if (first !== undefined && to.minor > first)
    return no('major-skip-minor', `a new major begins with its earliest minor, ${to.major}.${first}`);
  const earliest = catalogue.stable.find(({ major }) => major === to.major);
  const isFirst = earliest === undefined || same(earliest.version, to.version);
  if (policy.majorTarget === 'first-patch' && !isFirst)
    return no('major-any-patch', `a new major begins with its first patch, ${earliest.version.tag}`);
  const newest = newestOf(catalogue, from.major);
  if (newest !== undefined && downgrade(newest, from) !== undefined) {
    const reason = `${from.version.tag} is not the newest of ${from.major}.x: ${newest.version.tag} first`;
    return policy.majorSource === 'newest'
      ? no('major-from-old', reason)
      : { ...yes('major-from-old', reason), discouraged: true };
  }
  return yes(isFirst ? 'major' : 'major-any-patch', `${to.major}.${to.minor} is the earliest minor of the next major`);
}
