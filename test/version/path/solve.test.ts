import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogueOf, listed } from '../../../src/version/catalogue.ts';
import { edgeBetween, type Rules } from '../../../src/version/path/edge.ts';
import type { Policy } from '../../../src/version/path/policy.ts';
import { solve } from '../../../src/version/path/solve.ts';
import { pathVersion } from '../../../src/version/path/target.ts';
import { compare, type Version } from '../../../src/version/version.ts';

const RUNS = 30_000;
const STRICT = { name: 'one-minor-at-a-time', majorTarget: 'first-patch', majorSource: 'newest' } as const;

const version = fc
  .tuple(fc.nat(2), fc.nat(3), fc.nat(3), fc.constantFrom('', '', '', '', '-rc.1'))
  .map(([x, y, z, suffix]) => `${x}.${y}.${z}${suffix}`);
const catalogue = fc.array(version, { maxLength: 9 });
const policy: fc.Arbitrary<Policy> = fc.oneof(
  fc.record({ name: fc.constant('semver-drop-in' as const), allowMajor: fc.boolean() }),
  fc.record({
    name: fc.constant('one-minor-at-a-time' as const),
    majorTarget: fc.constantFrom('any-patch' as const, 'first-patch' as const),
    majorSource: fc.constantFrom('any' as const, 'newest' as const),
  }),
  fc.record({
    name: fc.constant('window' as const),
    floor: fc.option(version, { nil: undefined }),
    grace: fc.nat(2),
  }),
  fc.constant({ name: 'none' as const }),
);
const advisories = fc.array(
  fc.record({
    code: fc.constant('one'),
    from: fc.constantFrom(undefined, '0.x', '1.1.x', '<1.2'),
    to: fc.constantFrom(undefined, '1.x', '1.2.x', '>=2'),
    require: fc.option(version, { nil: undefined }),
    avoid: fc.constantFrom(undefined, '1.1.2', '2.0.x', '0.3.1'),
    migration: fc.constantFrom(undefined, undefined, undefined, true as const),
    why: fc.constant('because'),
  }),
  { maxLength: 2 },
);
const problem = fc.record({ tags: catalogue, policy, advisories, from: version, to: version });
type Problem = typeof problem extends fc.Arbitrary<infer P> ? P : never;

const read = (text: string): Version => pathVersion(text, 'a version');
const rulesOf = ({ tags, policy, advisories, to }: Problem): Rules => ({
  catalogue: catalogueOf([...tags, to]),
  policy,
  advisories,
});

/** Every way over stable releases in between, forward or in one step; the fewest discouraged and then the fewest hops. */
function bruteForce(rules: Rules, from: Version, to: Version): { discouraged: number; hops: number } | undefined {
  let best: { discouraged: number; hops: number } | undefined;
  const walk = (at: Version, discouraged: number, hops: number): void => {
    const step = edgeBetween(rules, listed(at), listed(to));
    if (step.allowed) {
      const found = { discouraged: discouraged + Number(step.discouraged ?? 0), hops: hops + 1 };
      if (
        best === undefined ||
        found.discouraged < best.discouraged ||
        (found.discouraged === best.discouraged && found.hops < best.hops)
      )
        best = found;
    }
    for (const { version: next } of rules.catalogue.stable) {
      if (compare(next, at) <= 0 || compare(next, to) >= 0) continue;
      const edge = edgeBetween(rules, listed(at), listed(next));
      if (edge.allowed) walk(next, discouraged + Number(edge.discouraged ?? 0), hops + 1);
    }
  };
  walk(from, 0, 0);
  return best;
}

test('every edge of a path is allowed alone, none is gone to twice, and it ends where it should', () => {
  fc.assert(
    fc.property(problem, (given) => {
      const rules = rulesOf(given);
      const [from, to] = [read(given.from), read(given.to)];
      const { allowed, hops, nearest } = solve(rules, from, to);
      expect(nearest === undefined).toBe(allowed);
      const visited = [from, ...hops];
      for (const [index, hop] of hops.entries())
        expect(edgeBetween(rules, listed(visited[index] ?? from), listed(hop)).allowed).toBe(true);
      expect(new Set(visited.map(({ number, build }) => `${number}+${build}`)).size).toBe(visited.length);
      if (hops.length > 0) expect(hops.at(-1)?.number).toBe(to.number);
    }),
    { numRuns: RUNS },
  );
});

test('it finds what brute force finds', () => {
  fc.assert(
    fc.property(problem, (given) => {
      const rules = rulesOf(given);
      const [from, to] = [read(given.from), read(given.to)];
      const { allowed, kind, hops } = solve(rules, from, to);
      if (kind === 'same-version') return;
      const best = bruteForce(rules, from, to);
      expect(allowed).toBe(best !== undefined);
      if (best === undefined) return;
      const visited = [from, ...hops];
      const discouraged = hops.filter(
        (hop, index) => edgeBetween(rules, listed(visited[index] ?? from), listed(hop)).discouraged,
      ).length;
      expect({ discouraged, hops: hops.length }).toEqual(best);
    }),
    { numRuns: RUNS },
  );
});

test('another release of what there is never lengthens a path, where no rule asks for the newest or the next', () => {
  fc.assert(
    fc.property(problem, version, (given, more) => {
      if (given.policy.name === 'one-minor-at-a-time') return;
      const [from, to] = [read(given.from), read(given.to)];
      const before = solve(rulesOf(given), from, to);
      if (!before.allowed) return;
      const after = solve(rulesOf({ ...given, tags: [...given.tags, more] }), from, to);
      expect(after.allowed).toBe(true);
      expect(after.hops.length).toBeLessThanOrEqual(before.hops.length);
    }),
    { numRuns: RUNS },
  );
});

test('another patch of a minor that there is never lengthens a path within a major', () => {
  const within = problem.map(({ from, to, tags, advisories, policy }) => ({
    tags,
    advisories,
    policy: policy.name === 'one-minor-at-a-time' ? policy : STRICT,
    from,
    to: `${from.split('.')[0]}.${to.split('.').slice(1).join('.')}`,
  }));
  fc.assert(
    fc.property(within, fc.nat(20), fc.nat(9), (given, which, patch) => {
      const [from, to] = [read(given.from), read(given.to)];
      const { stable } = rulesOf(given).catalogue;
      if (stable.length === 0) return;
      const { major, minor } = stable[which % stable.length] ?? { major: 0, minor: 0 };
      const before = solve(rulesOf(given), from, to);
      if (!before.allowed) return;
      const after = solve(rulesOf({ ...given, tags: [...given.tags, `${major}.${minor}.${patch}`] }), from, to);
      expect(after.allowed).toBe(true);
      expect(after.hops.length).toBeLessThanOrEqual(before.hops.length);
    }),
    { numRuns: RUNS },
  );
});

test('a refusal names the first edge that is impossible and the nearest that can be reached', () => {
  const rules: Rules = {
    policy: { name: 'one-minor-at-a-time', majorTarget: 'any-patch', majorSource: 'any' },
    catalogue: catalogueOf(['2.4.0', '2.5.0', '2.5.3', '2.6.0']),
    advisories: [{ code: 'moved', from: '2.5.x', to: '2.6.x', migration: true, why: 'another tool moves the data' }],
  };
  const { allowed, nearest, reason } = solve(rules, read('2.4.0'), read('2.6.0'));
  expect({ allowed, nearest: nearest?.tag, reason }).toEqual({
    allowed: false,
    nearest: '2.5.3',
    reason: '2.5.3 to 2.6.0: another tool moves the data (moved)',
  });
});

test('a thousand prereleases and garbage are in nobody’s way', () => {
  const tags = Array.from({ length: 1000 }, (_, n) => `2.5.${n}-rc.${n}`);
  const rules: Rules = {
    policy: { name: 'one-minor-at-a-time', majorTarget: 'any-patch', majorSource: 'any' },
    catalogue: catalogueOf([...tags, 'nightly', '', 'v2', '2.6.0', '2.6.0', 'v2.5.1', '../..']),
  };
  expect(rules.catalogue.ignored).toEqual(['nightly', '', 'v2', '../..']);
  expect(solve(rules, read('2.4.0'), read('2.6.0')).hops.map(({ tag }) => tag)).toEqual(['v2.5.1', '2.6.0']);
});
