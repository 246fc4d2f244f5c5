import semverSatisfies from 'semver/functions/satisfies.js';
import type { Listed } from '../catalogue.ts';
import { compare, parseVersion } from '../version.ts';
import { type Edge, no } from './policy.ts';

/** What release notes say of some edges, beyond arithmetic. Shapes are those of a profile's `upgrades.advisories`. */
export interface Advisory {
  /** Its name: reports and waivers use it. */
  readonly code: string;
  /** Ranges of the versions left and gone to: "2.4.x". Absent: any. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** Only where this is true of the installation: "manifest-lists". Absent: always. */
  readonly when?: string | undefined;
  /** Not below this version. */
  readonly require?: string | undefined;
  /** Not these: a range. */
  readonly avoid?: string | undefined;
  /** No upgrade in place at all: another tool moves the data. */
  readonly migration?: true | undefined;
  /** A hook of the profile that runs on these edges only, where it stands. */
  readonly hook?: string | undefined;
  /** What a person has to do before, or after. */
  readonly before?: string | undefined;
  readonly after?: string | undefined;
  /** Absent: a rule that nothing waives. `inhibit`: one until its code is waived. Others are only told. */
  readonly severity?: 'inhibit' | 'warning' | 'info' | undefined;
  /** One line for people. */
  readonly why: string;
}

/** Those that speak of this edge, where `facts` are true. */
export function advisoriesOf(
  advisories: readonly Advisory[],
  from: Listed,
  to: Listed,
  facts: ReadonlySet<string>,
): readonly Advisory[] {
  return advisories.filter(
    (each) =>
      (each.when === undefined || facts.has(each.when)) &&
      within(from, each.from) &&
      within(to, each.to) &&
      // An edge inside both ranges does not cross what they speak of.
      !(each.from !== undefined && each.to !== undefined && within(to, each.from)),
  );
}

/** Those that no path may go against, where these codes were waived. */
export function binding(advisories: readonly Advisory[], waived: readonly string[] = []): readonly Advisory[] {
  return advisories.filter(
    ({ code, severity }) => severity === undefined || (severity === 'inhibit' && !waived.includes(code)),
  );
}

/** The refusal of an edge by what is said of it. Undefined: nothing is in the way. */
export function refusal(advisories: readonly Advisory[], to: Listed): Edge | undefined {
  for (const { code, require, avoid, migration, why } of advisories) {
    if (migration === true) return no('migration-required', `${why} (${code})`);
    const least = require === undefined ? undefined : parseVersion(require);
    if (least !== undefined && compare(to.version, least) < 0)
      return no('advisory', `${why}: go to ${require} or newer (${code})`);
    if (avoid !== undefined && within(to, avoid)) return no('advisory', `${why}: not to ${avoid} (${code})`);
  }
  return undefined;
}

export function within({ version }: Listed, range: string | undefined): boolean {
  return range === undefined || semverSatisfies(version.number, range, { includePrerelease: true });
}
