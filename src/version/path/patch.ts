import type { Catalogue, Listed } from '../catalogue.ts';
import { compare } from '../version.ts';
import { type Edge, yes } from './policy.ts';

/** From one to a newer patch of the same minor. */
export function patchEdge({ stable }: Catalogue, from: Listed, to: Listed): Edge {
  if (from.version.prerelease && !to.version.prerelease && from.patch === to.patch)
    return yes(
      'from-prerelease',
      `${from.version.tag} is a prerelease of ${to.version.tag}: nobody says what it may become`,
    );
  const passed = stable.filter(
    ({ version }) => compare(version, from.version) > 0 && compare(version, to.version) < 0,
  ).length;
  return passed === 0
    ? yes('patch', 'the next patch of the same minor')
    : yes('patch-skip', `a newer patch of the same minor, ${passed} between them left out`);
}
