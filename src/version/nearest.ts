import semverMinVersion from 'semver/ranges/min-version.js';
import type { VersionRequest } from './request.ts';
import { compare, parseVersion, type Version } from './version.ts';

/** The existing versions just below and just above what was asked for, for an error message. `newestFirst` is sorted. */
export function nearest(wanted: VersionRequest, newestFirst: readonly Version[]): readonly Version[] {
  const target = targetOf(wanted);
  if (target === undefined) return newestFirst.slice(0, 1);
  const below = newestFirst.find((version) => compare(version, target) <= 0);
  const above = newestFirst.findLast((version) => compare(version, target) > 0);
  return [below, above].filter((version) => version !== undefined);
}

function targetOf(wanted: VersionRequest): Version | undefined {
  switch (wanted.kind) {
    case 'latest':
      return undefined;
    case 'exact':
      return wanted.version;
    case 'range':
      return parseVersion(semverMinVersion(wanted.range)?.version ?? '');
  }
}
