import * as v from 'valibot';
import { SHOWN } from './parts/shown.ts';
import { COUNT, FAILURE, type Frozen, MS, SHA256, SKIPPED, TEXTS, TOO_NEW } from './parts/values.ts';
import { WISH } from './parts/wish.ts';
import { PLAN_FORMAT } from './plan-format.ts';

/** A plan to sign off: what is shown, and what must still be so when it is run. */
export const DOCUMENT = v.strictObject({
  format: v.literal(PLAN_FORMAT),
  refit: v.string(),
  /** `id` tells one host from another, and nothing else of it. */
  host: v.strictObject({ id: SHA256, name: v.string() }),
  ...SHOWN,
  purpose: v.literal('upgrade'),
  archives: v.array(
    v.strictObject({
      /** Whose: every hop has a release of its own. */
      version: v.string(),
      name: v.string(),
      arch: v.string(),
      url: v.string(),
      size: v.nullable(COUNT),
      /** What the source says of it when the plan is made; null where it says nothing. The run takes nothing else. */
      sha256: v.nullable(SHA256),
    }),
  ),
  wish: WISH,
  /** What was seen of this host: a value, or a digest that only this host can make. */
  facts: v.array(v.strictObject({ what: v.string(), is: v.string() })),
  /** SHA-256 over all the rest, as canonical JSON (RFC 8785). */
  digest: SHA256,
});

const NOTHING = v.strictObject({
  nothingToDo: v.literal(true),
  installation: v.string(),
  product: v.string(),
  version: v.string(),
  passedBy: v.array(SKIPPED),
  tooNew: v.optional(v.array(TOO_NEW)),
});

const CACHE = v.strictObject({
  directory: v.string(),
  files: v.array(v.strictObject({ name: v.string(), bytes: COUNT })),
});

const REHEARSAL = v.union([
  v.strictObject({ passed: v.null(), reason: v.string() }),
  v.strictObject({ passed: v.literal(false), cache: CACHE }),
  v.strictObject({
    passed: v.literal(true),
    before: COUNT,
    after: COUNT,
    added: TEXTS,
    ms: MS,
    cache: CACHE,
  }),
]);

/** Everything that `plan -o json`, and `--dry-run` elsewhere, says: what cannot be signed off has no digest. */
export const PLAN = v.union([
  DOCUMENT,
  v.strictObject({ ...SHOWN, rehearsal: v.optional(REHEARSAL), error: v.optional(FAILURE) }),
  NOTHING,
]);

export type PlanDocument = Frozen<v.InferOutput<typeof DOCUMENT>>;
export type ShownPlan = Frozen<v.InferOutput<v.StrictObjectSchema<typeof SHOWN, undefined>>>;
export type RecordedWish = Frozen<v.InferOutput<typeof WISH>>;
