import { type Catalogue, type Listed, nextMinor } from '../catalogue.ts';
import { downgrade } from './downgrade.ts';
import { patchEdge } from './patch.ts';
import { type Edge, no, type Policy, yes } from './policy.ts';

/** Anything newer of the same major; another major by consent. */
export function dropInEdge(
  { allowMajor }: Extract<Policy, { name: 'semver-drop-in' }>,
  catalogue: Catalogue,
  from: Listed,
  to: Listed,
): Edge {
  const older = downgrade(from, to);
  if (older !== undefined) return older;
  if (to.major !== from.major) {
    const reason = `${from.version.tag} to ${to.version.tag} is another major version`;
    return allowMajor ? yes('major', reason) : no('major', `${reason}: it wants consent`);
  }
  if (to.minor === from.minor) return patchEdge(catalogue, from, to);
  const next = nextMinor(catalogue, from);
  return yes(next === undefined || to.minor <= next ? 'minor' : 'minor-skip', 'a newer minor of the same major');
}
