import { type Listed, listed } from '../catalogue.ts';
import { compare, compareBuild, same, type Version } from '../version.ts';
import { edgeBetween, type Rules } from './edge.ts';
import type { Kind } from './policy.ts';

export interface Path {
  readonly allowed: boolean;
  /** The versions after `from`, in order, the target last; empty where nothing is to be done, or nothing can be. */
  readonly hops: readonly Version[];
  /** What the direct step is or would be. */
  readonly kind: Kind;
  readonly reason: string;
  /** Of a refusal: the version nearest to the target that can be reached; `from` where none can. */
  readonly nearest?: Version;
}

/** A way to the target: what of it is discouraged, its hops, and where it goes first. */
interface Way {
  readonly discouraged: number;
  readonly hops: number;
  readonly next: Listed;
}

/**
 * The best list of hops from one version to another: none that is discouraged where it can be helped, then the fewest, then by the
 * newest patch of each minor. Backward only directly: what one step may not go back, several may not either. Pure.
 */
export function solve(rules: Rules, fromVersion: Version, toVersion: Version): Path {
  const [from, to] = [listed(fromVersion), listed(toVersion)];
  const direct = edgeBetween(rules, from, to);
  const { kind, reason } = direct;
  if (kind === 'same-version' && rules.policy.name !== 'window') return { allowed: true, hops: [], kind, reason };
  if (direct.allowed && direct.discouraged === undefined) return { allowed: true, hops: [to.version], kind, reason };
  const ways = waysTo(rules, from, to);
  const hops: Version[] = [];
  for (let way = ways.get(from); way !== undefined; way = ways.get(way.next)) hops.push(way.next.version);
  if (hops.length > 0) return { allowed: true, hops, kind, reason };
  const nearest = nearestTo(rules, from, to);
  const blocked = nearest === from ? direct : edgeBetween(rules, nearest, to);
  const edge = `${nearest.version.tag} to ${to.version.tag}: ${blocked.reason}`;
  return { allowed: false, hops: [], kind, reason: edge, nearest: nearest.version };
}

/** The best way on from each version between the two. Its key is the object of `between`, or `from` itself. */
function waysTo(rules: Rules, from: Listed, to: Listed): ReadonlyMap<Listed, Way> {
  const ways = new Map<Listed, Way>();
  const newer: Listed[] = [to];
  // Edges lead to newer versions only, so from the target backward each is final once those after it are.
  for (const at of [...between(rules, from, to).reverse(), from]) {
    let best: Way | undefined;
    for (const next of newer) {
      const rest = next === to ? { discouraged: 0, hops: 0 } : ways.get(next);
      if (rest === undefined) continue;
      const edge = edgeBetween(rules, at, next);
      if (!edge.allowed) continue;
      const way = { discouraged: rest.discouraged + Number(edge.discouraged ?? 0), hops: rest.hops + 1, next };
      if (best === undefined || isBetter(way, best)) best = way;
    }
    if (best !== undefined) ways.set(at, best);
    newer.push(at);
  }
  return ways;
}

/** `newer` is walked from the newest: of equals the first stays. */
function isBetter(one: Way, other: Way): boolean {
  return one.discouraged !== other.discouraged ? one.discouraged < other.discouraged : one.hops < other.hops;
}

/** What may be gone through, oldest first: no prerelease, nobody meant one. */
function between({ catalogue }: Rules, from: Listed, to: Listed): Listed[] {
  return catalogue.stable.filter(
    ({ version }) => compare(version, from.version) > 0 && compare(version, to.version) < 0,
  );
}

/** The newest that can be reached on the way; `from` where there is none. */
function nearestTo(rules: Rules, from: Listed, to: Listed): Listed {
  const reached: Listed[] = [from];
  for (const next of between(rules, from, to))
    if (reached.some((at) => !same(at.version, next.version) && edgeBetween(rules, at, next).allowed))
      reached.push(next);
  return reached.reduce((best, each) => (compareBuild(each.version, best.version) > 0 ? each : best), from);
}
