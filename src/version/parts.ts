import semverMajor from 'semver/functions/major.js';
import semverMinor from 'semver/functions/minor.js';
import semverPatch from 'semver/functions/patch.js';
import type { Version } from './version.ts';

/** The three numbers of a version. */
export interface Parts {
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
}

export function partsOf({ number }: Pick<Version, 'number'>): Parts {
  return { major: semverMajor(number), minor: semverMinor(number), patch: semverPatch(number) };
}
