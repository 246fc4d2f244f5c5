import semverIntersects from 'semver/ranges/intersects.js';
import semverSubset from 'semver/ranges/subset.js';
import semverValidRange from 'semver/ranges/valid.js';
import { RefitError } from '../../errors.ts';
import { parseVersion } from '../version.ts';
import type { Advisory } from './advisory.ts';

/** Refuses advisories that nobody can obey, when they are loaded and not when a server waits. Rejects with E_ADVISORY. */
export function requireConsistent(advisories: readonly Advisory[], actions: ReadonlySet<string> = new Set()): void {
  const codes = new Set<string>();
  for (const each of advisories) {
    const { code, from, to, avoid, require, migration, run } = each;
    if (codes.has(code)) throw refused(code, 'its code is used twice');
    codes.add(code);
    for (const [key, range] of Object.entries({ from, to, avoid }))
      if (range !== undefined && semverValidRange(range) === null)
        throw refused(code, `its ${key} "${range}" is no range`);
    if (require !== undefined && parseVersion(require) === undefined)
      throw refused(code, `its require "${require}" is no version`);
    if ([require, avoid, migration, run].every((part) => part === undefined))
      throw refused(code, 'it says neither require, avoid, migration nor run');
    if (require !== undefined && to !== undefined && !semverIntersects(to, `>=${require}`))
      throw refused(code, `it speaks of ${to} and requires ${require}, which no version is both of`);
    if (run !== undefined && actions.size > 0 && !actions.has(run.action))
      throw refused(code, `its action "${run.action}" is not among the profile's`);
  }
  for (const one of advisories)
    for (const other of advisories) {
      if (one.require === undefined || other.avoid === undefined || !speakOfOne(one, other)) continue;
      if (semverCovers(other.avoid, one))
        throw refused(one.code, `it requires ${one.require}, and ${other.code} says to avoid ${other.avoid}`);
    }
}

/** Whether nothing that `one` requires is left by what is avoided. */
function semverCovers(avoid: string, { require, to }: Advisory): boolean {
  const asked = to === undefined ? `>=${require}` : `>=${require} ${to}`;
  return semverSubset(asked, avoid);
}

function speakOfOne(one: Advisory, other: Advisory): boolean {
  const overlap = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined || semverIntersects(a, b);
  const sameCase = one.when === undefined || other.when === undefined || one.when === other.when;
  return sameCase && overlap(one.from, other.from) && overlap(one.to, other.to);
}

function refused(code: string, saw: string): RefitError {
  return new RefitError('E_ADVISORY', `Cannot use the advisory ${code}: ${saw}`, {
    hint: 'Mend it in the profile: refit docs profile',
    facts: { code },
  });
}
