import semverSatisfies from 'semver/functions/satisfies.js';
import { RefitError } from '../errors.ts';
import { nearest } from './nearest.ts';
import { parseRequest, type VersionRequest } from './request.ts';
import { compareBuild, parseVersion, same, type Version } from './version.ts';

/** What of a release decides whether it is chosen. */
export interface Candidate {
  readonly tag: string;
  /** As its publisher marked it. A suffix in the tag counts as well. */
  readonly prerelease: boolean;
}

export interface ResolveOptions {
  readonly allowPrerelease: boolean;
}

interface Known<R> {
  readonly release: R;
  readonly version: Version;
}

/**
 * The newest release that `request` allows. Prereleases only where allowed or named exactly; tags that are no versions
 * are ignored. Rejects with E_VERSION_UNPARSABLE, or E_RELEASE_UNKNOWN naming what there is nearby.
 */
export function resolve<R extends Candidate>(request: string, releases: readonly R[], options: ResolveOptions): R {
  const wanted = parseRequest(request);
  const known = knownReleases(releases);
  const chosen = wanted.kind === 'exact' ? findExact(wanted.version, known) : findNewest(wanted, known, options);
  if (chosen !== undefined) return chosen;
  throw unknown(request, wanted, known);
}

function knownReleases<R extends Candidate>(releases: readonly R[]): readonly Known<R>[] {
  return releases
    .flatMap((release) => {
      const version = parseVersion(release.tag);
      return version === undefined ? [] : [{ release, version }];
    })
    .sort((a, b) => compareBuild(b.version, a.version));
}

// A catalogue may hold both "v1.0.0" and "1.0.0": the spelling that was typed is meant.
function findExact<R>(wanted: Version, known: readonly Known<R>[]): R | undefined {
  const match =
    known.find(({ version }) => version.tag === wanted.tag) ??
    known.find(({ version }) => same(version, wanted)) ??
    known.find(({ version }) => wanted.build === '' && version.number === wanted.number);
  return match?.release;
}

function findNewest<R extends Candidate>(
  wanted: VersionRequest,
  known: readonly Known<R>[],
  { allowPrerelease }: ResolveOptions,
): R | undefined {
  return known.find(({ release, version }) => {
    const isPrerelease = version.prerelease || release.prerelease;
    return (allowPrerelease || !isPrerelease) && matches(wanted, version);
  })?.release;
}

function matches(wanted: VersionRequest, version: Version): boolean {
  if (wanted.kind !== 'range') return true;
  return semverSatisfies(version.number, wanted.range, { includePrerelease: true });
}

function unknown<R extends Candidate>(request: string, wanted: VersionRequest, known: readonly Known<R>[]): RefitError {
  const hidden = wanted.kind === 'exact' ? undefined : findNewest(wanted, known, { allowPrerelease: true });
  const near = nearest(
    wanted,
    known.map(({ version }) => version),
  ).map(({ tag }) => tag);
  const seen = near.length === 0 ? 'no releases at all' : `${known.length} releases, the nearest ${near.join(' and ')}`;
  return new RefitError('E_RELEASE_UNKNOWN', `Cannot find a release for "${request}": saw ${seen}`, {
    hint:
      hidden !== undefined
        ? `only the prerelease ${hidden.tag} matches: add --allow-prerelease, or name it: --to ${hidden.tag}`
        : near[0] !== undefined
          ? `choose one that exists: --to ${near[0]}`
          : 'check --source, and that it holds releases of this product',
    facts: { request, nearest: near.join(' ') },
  });
}
