import semverCompare from 'semver/functions/compare.js';
import semverCompareBuild from 'semver/functions/compare-build.js';
import semverParse from 'semver/functions/parse.js';
import { RefitError } from '../errors.ts';

/** One version, as a tag spells it and as semver 2.0 orders it. Plain data, so that it can live in a plan. */
export interface Version {
  /** As written, with or without `v`: what URLs, folders and people use. */
  readonly tag: string;
  /** Canonical, without `v` and without build metadata: "0.3.0-rc1". */
  readonly number: string;
  /** Build metadata without `+`, or empty. It says which build, never which is newer (semver 2.0 §10). */
  readonly build: string;
  readonly prerelease: boolean;
}

/** Three numbers, `v` optional; anything else ("v0.2", "nightly", padded text) is no version. */
export function parseVersion(text: string): Version | undefined {
  if (text !== text.trim()) return undefined;
  const parsed = semverParse(text);
  if (parsed === null) return undefined;
  return { tag: text, number: parsed.version, build: parsed.build.join('.'), prerelease: parsed.prerelease.length > 0 };
}

/** As `parseVersion`, where only a version will do: E_VERSION_UNPARSABLE. `what` names it for people: "the installed version". */
export function requireVersion(text: string, what: string): Version {
  const version = parseVersion(text);
  if (version !== undefined) return version;
  throw new RefitError(
    'E_VERSION_UNPARSABLE',
    `Cannot read ${what}: saw "${text}", expected a version such as v0.2.13`,
    {
      hint: 'versions are three numbers with an optional suffix: v0.2.13, 0.3.0-rc1',
      facts: { seen: text },
    },
  );
}

/** Negative where `a` is older, 0 where neither is: build metadata is not order. */
export function compare(a: Version, b: Version): number {
  return semverCompare(a.number, b.number);
}

/** As `compare`, and build metadata as the last word: a total order for lists that must not depend on their input's order. */
export function compareBuild(a: Version, b: Version): number {
  return semverCompareBuild(full(a), full(b));
}

/** The same release: same precedence and the same build. A `v` makes no difference. */
export function same(a: Version, b: Version): boolean {
  return a.number === b.number && a.build === b.build;
}

function full(version: Version): string {
  return version.build === '' ? version.number : `${version.number}+${version.build}`;
}
