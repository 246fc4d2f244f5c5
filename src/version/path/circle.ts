import SemverRange from 'semver/classes/range.js';
import { catalogueOf, type Listed } from '../catalogue.ts';
import { type Advisory, refusal, within } from './advisory.ts';

export interface Circle {
  readonly codes: readonly string[];
  readonly from: string;
  readonly to: string;
}

/** Where a version "just below" a bound is sought: no minor has so many patches. */
const LAST = 99_999;

/**
 * Two versions between which each advisory alone leaves a way, and all together none: one leads around what another leads
 * through. What asks for a migration is no way on purpose. Tried on the versions at which the ranges begin and end, as between two
 * of those nothing changes.
 */
export function circle(advisories: readonly Advisory[]): Circle | undefined {
  const rules = advisories.filter(
    ({ require, avoid, migration }) => migration === undefined && (require ?? avoid) !== undefined,
  );
  if (rules.length < 2) return undefined;
  const points = distinct(rules);
  const bars = rules.map((rule) => barsOf(rule, points));
  const all = reachable(points.length, (s, t) => bars.some((bar) => bar(s, t)));
  const alone = bars.map((bar) => reachable(points.length, bar));
  for (const [s, from] of points.entries())
    for (const [t, to] of points.entries()) {
      if (t <= s || all[s]?.[t] === true || !alone.every((one) => one[s]?.[t] === true)) continue;
      // Those without which there would be a way.
      const guilty = rules.filter((_, index) => {
        const others = bars.filter((__, other) => other !== index);
        return reachable(points.length, (a, b) => others.some((bar) => bar(a, b)))[s]?.[t] === true;
      });
      const codes = (guilty.length > 0 ? guilty : rules).map(({ code }) => code);
      return { codes, from: from.version.number, to: to.version.number };
    }
  return undefined;
}

type Bar = (from: number, to: number) => boolean;

/** As `advisoriesOf` and `refusal`, with what each range holds looked up once. */
function barsOf(rule: Advisory, points: readonly Listed[]): Bar {
  const inFrom = points.map((point) => within(point, rule.from));
  const inTo = points.map((point) => within(point, rule.to));
  const bad = points.map((point) => refusal([rule], point) !== undefined);
  const both = rule.from !== undefined && rule.to !== undefined;
  return (s, t) => inFrom[s] === true && inTo[t] === true && bad[t] === true && !(both && inFrom[t] === true);
}

function reachable(count: number, barred: Bar): readonly (readonly boolean[])[] {
  const reach = Array.from({ length: count }, () => new Array<boolean>(count).fill(false));
  for (let s = count - 1; s >= 0; s--)
    for (let next = s + 1; next < count; next++) {
      if (barred(s, next)) continue;
      for (let t = next; t < count; t++) if (t === next || reach[next]?.[t] === true) (reach[s] ?? [])[t] = true;
    }
  return reach;
}

/** One of each stretch of versions that no range tells apart, oldest first. */
function distinct(rules: readonly Advisory[]): readonly Listed[] {
  const ranges = rules.flatMap(({ from, to, avoid, require }) =>
    [from, to, avoid, require === undefined ? undefined : `>=${require}`].filter((range) => range !== undefined),
  );
  let before = '';
  return catalogueOf(['0.0.0', ...ranges.flatMap(boundsOf)]).stable.filter((point) => {
    const signature = ranges.map((range) => Number(within(point, range))).join('');
    const isNew = signature !== before;
    before = signature;
    return isNew;
  });
}

/** Every version of a range's ends, the one after it and one before it. */
function boundsOf(range: string): readonly string[] {
  return new SemverRange(range).set.flat().flatMap(({ semver }) => {
    const { major: x, minor: y, patch: z } = semver;
    if (x === undefined) return [];
    const before =
      z > 0 ? `${x}.${y}.${z - 1}` : y > 0 ? `${x}.${y - 1}.${LAST}` : x > 0 ? `${x - 1}.${LAST}.${LAST}` : '0.0.0';
    return [`${x}.${y}.${z}`, `${x}.${y}.${z + 1}`, before];
  });
}
