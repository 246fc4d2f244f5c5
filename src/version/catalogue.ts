import { type Parts, partsOf } from './parts.ts';
import { compareBuild, parseVersion, same, type Version } from './version.ts';

/** A release that exists. */
export interface Listed extends Parts {
  readonly version: Version;
}

/** The releases there are, as paths see them. */
export interface Catalogue {
  /** Oldest first, each once. */
  readonly all: readonly Listed[];
  /** Those that are no prerelease, oldest first. */
  readonly stable: readonly Listed[];
  /** Texts that are no version. */
  readonly ignored: readonly string[];
}

export function listed(version: Version): Listed {
  return { version, ...partsOf(version) };
}

/** Of tags in any order, some of them twice, some of them no version at all. */
export function catalogueOf(tags: readonly string[]): Catalogue {
  const parsed = tags.map((tag) => ({ tag, version: parseVersion(tag.trim()) }));
  const versions = parsed.flatMap(({ version }) => version ?? []).sort(compareBuild);
  const all = versions
    .filter((version, index) => {
      const before = versions[index - 1];
      return before === undefined || !same(before, version);
    })
    .map(listed);
  return {
    all,
    stable: all.filter(({ version }) => !version.prerelease),
    ignored: parsed.filter(({ version }) => version === undefined).map(({ tag }) => tag),
  };
}

export function holds({ all }: Catalogue, wanted: Version): boolean {
  return all.some(({ version }) => version.number === wanted.number);
}

/** The next minor of the same major that was released: vendors leave numbers out (MSR went from 4.0 to 4.13). */
export function nextMinor({ stable }: Catalogue, { major, minor }: Parts): number | undefined {
  return stable.find((each) => each.major === major && each.minor > minor)?.minor;
}

export function nextMajor({ stable }: Catalogue, { major }: Parts): number | undefined {
  return stable.find((each) => each.major > major)?.major;
}

/** Its earliest minor that was released. */
export function firstMinor({ stable }: Catalogue, major: number): number | undefined {
  return stable.find((each) => each.major === major)?.minor;
}

/** The newest of a major, or of one minor of it. */
export function newestOf({ stable }: Catalogue, major: number, minor?: number): Listed | undefined {
  return stable.findLast((each) => each.major === major && (minor === undefined || each.minor === minor));
}
