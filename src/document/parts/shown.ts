import * as v from 'valibot';
import { EVIDENCE, TRUST } from './trust.ts';
import { COUNT, MS, PURPOSE, SKIPPED, TEXTS, TOO_NEW, WAIVER } from './values.ts';

const STEP = { kind: v.string(), title: v.string(), /** The service is down, or may be. */ down: v.boolean() };

const HOP = v.strictObject({
  from: v.string(),
  to: v.string(),
  steps: v.array(
    v.strictObject({
      stage: v.string(),
      ...STEP,
      /** Of several hops: done before anything is stopped. */
      ahead: v.boolean(),
      bytes: v.nullable(COUNT),
    }),
  ),
});

const FINDING = v.strictObject({
  code: v.string(),
  severity: v.picklist(['ok', 'info', 'warning', 'inhibit']),
  waived: v.boolean(),
  /** It stands against beginning: it inhibits, and nobody waived it. */
  inhibits: v.boolean(),
  measured: v.string(),
  limit: v.string(),
  remedy: v.string(),
  /** What lets it pass; null where nothing has to. */
  waiver: v.nullable(v.string()),
});

/** Seconds of the whole run, and milliseconds without the service. */
const ESTIMATE = v.strictObject({
  seconds: v.nullable(v.pipe(v.number(), v.minValue(0))),
  windowMs: v.nullable(MS),
  because: v.string(),
});

const LOST = v.strictObject({
  files: TEXTS,
  tables: v.optional(v.array(v.strictObject({ name: v.string(), before: COUNT, now: COUNT }))),
  audit: v.optional(v.array(v.strictObject({ at: v.string(), who: v.string(), what: v.string() }))),
  audits: COUNT,
});

const DATA_CHOICE = v.variant('because', [
  v.strictObject({ keeps: v.literal(true), because: v.picklist(['known', 'additive']) }),
  v.strictObject({ keeps: v.literal(false), because: v.literal('foreign'), foreign: TEXTS }),
  v.strictObject({ keeps: v.literal(false), because: v.picklist(['asked', 'unlearned']) }),
]);

/** What a plan shows: of an upgrade, an installation, a rollback. */
export const SHOWN = {
  purpose: PURPOSE,
  installation: v.string(),
  product: v.string(),
  from: v.string(),
  to: v.string(),
  asked: v.string(),
  skips: v.array(SKIPPED),
  tooNew: v.array(TOO_NEW),
  source: v.nullable(v.string()),
  trust: v.nullable(TRUST),
  proven: v.nullable(EVIDENCE),
  downloadBytes: v.nullable(COUNT),
  dataBytes: COUNT,
  /** ISO 8601, UTC: when the service may be stopped. */
  notBefore: v.nullable(v.string()),
  notAfter: v.nullable(v.string()),
  startTimeoutMs: MS,
  health: v.array(v.strictObject({ name: v.string(), compared: v.boolean() })),
  spotChecks: TEXTS,
  envDiff: v.string(),
  /** What crossings change beside it; null where nothing. */
  crossed: v.nullable(v.strictObject({ files: TEXTS, unitDiff: v.string(), owners: TEXTS })),
  notes: v.nullable(v.array(v.strictObject({ tag: v.string(), text: v.string(), actions: TEXTS }))),
  loses: v.nullable(LOST),
  losesSince: v.nullable(v.string()),
  dataChoice: v.nullable(DATA_CHOICE),
  /** Each file that is replaced; `from` is null where there is none yet. */
  components: v.array(
    v.strictObject({ name: v.string(), path: v.string(), from: v.nullable(v.string()), to: v.string() }),
  ),
  stages: v.array(v.strictObject({ stage: v.string(), steps: v.array(v.strictObject(STEP)) })),
  hops: v.array(HOP),
  estimate: v.nullable(ESTIMATE),
  findings: v.array(FINDING),
  waivers: v.array(WAIVER),
  /** Codes that were named to be waived, and that no finding has. */
  waivedInVain: TEXTS,
  /** From where on a hop is not undone by the run itself, and what goes back then. */
  pastReturn: v.array(v.strictObject({ version: v.string(), after: v.string(), back: v.string() })),
};
