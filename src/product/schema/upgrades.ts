import * as v from 'valibot';
import { POLICY_NAMES } from '../../version/path/policy.ts';
import { isRange } from '../../version/range.ts';
import { release, strict, text, word } from './values.ts';

const GRACE = 'a whole number of minors from 0 to 100';

const range = v.pipe(
  v.string('a quoted range such as "2.4.x"'),
  v.maxLength(200, 'at most 200 characters'),
  v.check(isRange, 'a range such as "2.4.x" or ">=2.5.0 <2.5.4"'),
);

/** What the vendor says of some steps between versions, beyond what the policy does. */
const advisory = strict({
  /** Names the finding, and the flag that waives it where it is advice. */
  code: word,
  /** Ranges of the versions that are left and gone to. Absent: any. A step inside both does not cross what they speak of. */
  from: v.optional(range),
  to: v.optional(range),
  /** Not below this version. */
  require: v.optional(release),
  /** Not to these. */
  avoid: v.optional(range),
  /** No upgrade in place at all: another tool moves the data. */
  migration: v.optional(v.literal(true, 'true')),
  /** One of `hooks`: it then runs on these steps only, at its place before or after the window. */
  hook: v.optional(word),
  /** What a person has to do before or after: told in the plan, done by nobody else. */
  before: v.optional(text),
  after: v.optional(text),
  /**
   * Absent: require, avoid and migration are rules, the way leads around or the upgrade is refused, and nothing waives them.
   * `inhibit`: so until --waive CODE says that it does not concern this host. `warning`, `info`: told, obeyed by nobody.
   */
  severity: v.optional(v.picklist(['inhibit', 'warning', 'info'], 'inhibit, warning or info')),
  why: text,
});

/** What may follow what. */
export const upgrades = strict({
  /** `none`: anything newer. See src/version/path/policy.ts for the others. */
  policy: v.optional(v.picklist(POLICY_NAMES, `one of ${POLICY_NAMES.join(', ')}`), 'none'),
  /** semver-drop-in: another major needs no --allow-major. */
  allow_major: v.optional(v.boolean('true or false')),
  /** one-minor-at-a-time: what of the next major may be gone to, and from what of the old one. */
  major_target: v.optional(v.picklist(['any-patch', 'first-patch'], 'any-patch or first-patch')),
  major_source: v.optional(v.picklist(['any', 'newest'], 'any or newest')),
  /** window: nothing below it, and how many minors back. */
  floor: v.optional(release),
  grace: v.optional(v.pipe(v.number(GRACE), v.integer(GRACE), v.minValue(0, GRACE), v.maxValue(100, GRACE))),
  advisories: v.optional(v.pipe(v.array(advisory), v.maxLength(32, 'at most 32 advisories')), []),
});
