import { posix } from 'node:path';
import { compare, requireVersion, type Version } from '../version/version.ts';
import type { Finding } from './finding.ts';
import type { Installation } from './installation.ts';
import type { Crossing, Profile } from './schema.ts';
import { expand } from './template.ts';

/** What an upgrade from one release to another needs of this installation, and the exact change that gives it. */
export interface CrossingFinding extends Omit<Finding, 'remedy'> {
  /** The key to add to the env file; its value is absent where only a person knows it. */
  readonly key: string | undefined;
  readonly value: string | undefined;
  /** What the old version works with, and where the new one looks for it. Absolute, and never the same. */
  readonly copy: readonly CrossingCopy[];
  /** The account to run the service as, which is root's now. */
  readonly account: { readonly user: string; readonly group: string } | undefined;
}

export interface CrossingCopy {
  readonly from: string;
  readonly to: string;
}

const isRoot = (user: string): boolean => ['', 'root', '0'].includes(user);

function applies(crossing: Crossing, installation: Installation, from: Version, to: Version): boolean {
  const { since, installed_before: before, key, service_user: account } = crossing;
  if (compare(to, requireVersion(since, 'env.crossings.since')) < 0) return false;
  if (before !== undefined && compare(from, requireVersion(before, 'env.crossings.installed_before')) >= 0)
    return false;
  if (account !== undefined && !isRoot(installation.user)) return false;
  return key === undefined || !installation.givenKeys.includes(key);
}

/** The crossings that concern this installation on its way from one release to another. Their changes are proposals. */
export function crossingsBetween(
  profile: Profile,
  installation: Installation,
  from: Version,
  to: Version,
): readonly CrossingFinding[] {
  const { scope, workingDirectory } = installation;
  const absolute = (template: string) => posix.resolve('/', workingDirectory, expand(template, scope));
  return profile.env.crossings
    .filter((crossing) => applies(crossing, installation, from, to))
    .map(({ code, severity, key, value, copy, service_user: account, since, why }): CrossingFinding => {
      const pairs = copy.map((pair) => ({ from: absolute(pair.from), to: absolute(pair.to) }));
      const seen = account === undefined ? `${from.tag} to ${to.tag}` : 'the service runs as root';
      return {
        code,
        severity,
        measured: key === undefined ? seen : `${key} is not set`,
        limit: `needed since ${since}: ${why}`,
        key,
        value: value === undefined ? undefined : expand(value, scope),
        copy: pairs.filter((pair) => pair.from !== pair.to),
        account,
      };
    });
}
