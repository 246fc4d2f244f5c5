import { same, type Version } from '../version.ts';
import type { Rules } from './edge.ts';
import { type Path, solve } from './solve.ts';

/** What is known of what runs now. */
export interface Running {
  /** Of every replica; one of a single server. The first says where the path begins. */
  readonly versions: readonly [Version, ...Version[]];
  /** A run to the target began and did not end. */
  readonly interrupted: boolean;
}

/** As `solve`, where an earlier run was cut short or got to some replicas only: the rest of it, and no new path. */
export function solveRunning(rules: Rules, { versions, interrupted }: Running, to: Version): Path {
  const behind = versions.filter((version) => !same(version, to));
  const [first] = behind;
  if (first === undefined) {
    if (!interrupted) return solve(rules, versions[0], to);
    return { allowed: true, hops: [to], kind: 'resume', reason: `the run to ${to.tag} has not ended` };
  }
  if (behind.length === versions.length) return solve(rules, first, to);
  const rest = solve(rules, first, to);
  if (!rest.allowed) return rest;
  const count = `${behind.length} of ${versions.length} replicas`;
  return { ...rest, kind: 'mixed-cluster', reason: `${count} are not at ${to.tag} yet` };
}
