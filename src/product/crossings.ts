import { posix } from 'node:path';
import { compare, requireVersion, type Version } from '../version/version.ts';
import type { Finding } from './finding.ts';
import type { Installation } from './installation.ts';
import type { Crossing, Profile } from './schema.ts';
import { expand } from './template.ts';

/** What an upgrade from one release to another needs of this installation, and the exact change that gives it. */
export interface CrossingFinding extends Finding {
  /** The key to add to the env file and its value; absent where only files move, or only a person knows the value. */
  readonly addition: { readonly key: string; readonly value: string } | undefined;
  /** Files to copy where `from` exists and `to` does not. Absolute. */
  readonly copy: readonly { readonly from: string; readonly to: string }[];
}

function applies(crossing: Crossing, given: readonly string[], from: Version, to: Version): boolean {
  const { since, installed_before: before, key } = crossing;
  if (compare(to, requireVersion(since, 'env.crossings.since')) < 0) return false;
  if (before !== undefined && compare(from, requireVersion(before, 'env.crossings.installed_before')) >= 0)
    return false;
  return key === undefined || !given.includes(key);
}

/** The crossings that concern this installation on its way from one release to another. Their edits are proposals. */
export function crossingsBetween(
  profile: Profile,
  installation: Installation,
  from: Version,
  to: Version,
): readonly CrossingFinding[] {
  const { scope, workingDirectory, givenKeys, envFile } = installation;
  const absolute = (template: string) => posix.resolve('/', workingDirectory, expand(template, scope));
  return profile.env.crossings
    .filter((crossing) => applies(crossing, givenKeys, from, to))
    .map((crossing): CrossingFinding => {
      const { code, severity, key, value, why } = crossing;
      const text = value === undefined ? undefined : expand(value, scope);
      const addition = key === undefined || text === undefined ? undefined : { key, value: text };
      const copy = crossing.copy.map((pair) => ({ from: absolute(pair.from), to: absolute(pair.to) }));
      const edits = [
        ...(addition === undefined
          ? []
          : [`add ${addition.key}=${addition.value} to ${envFile ?? 'the environment of the service'}`]),
        ...(key !== undefined && addition === undefined
          ? [`set ${key} in ${envFile ?? 'the environment of the service'}`]
          : []),
        ...copy.filter((pair) => pair.from !== pair.to).map((pair) => `copy ${pair.from} to ${pair.to}`),
      ];
      return {
        code,
        severity,
        measured: key === undefined ? `${from.tag} to ${to.tag}` : `${key} is not set`,
        limit: `needed since ${crossing.since}: ${why}`,
        remedy: edits.join(', '),
        addition,
        copy: copy.filter((pair) => pair.from !== pair.to),
      };
    });
}
