import * as v from 'valibot';
import { EVIDENCE } from './trust.ts';
import { COUNT, FAILURE, MS, NOW, PAUSED, PURPOSE, RUN, STANDING, WAIVER, WINDOW } from './values.ts';

const TROUBLES = v.array(v.strictObject({ row: v.string(), key: v.string(), before: v.string(), after: v.string() }));

const ENDING = {
  run: RUN,
  purpose: PURPOSE,
  installation: v.string(),
  product: v.string(),
  from: v.string(),
  to: v.string(),
  hops: v.array(v.strictObject({ to: v.string(), committed: v.boolean() })),
  by: v.string(),
  standing: STANDING,
  paused: v.nullable(PAUSED),
  exit: COUNT,
  windowMs: v.nullable(MS),
  window: v.nullable(WINDOW),
  error: v.nullable(FAILURE),
  warnings: v.array(FAILURE),
  /** What was proven of each archive, by its name. */
  proven: v.nullable(v.record(v.string(), EVIDENCE)),
  health: v.nullable(v.strictObject({ already: TROUBLES, external: TROUBLES, notSeen: TROUBLES })),
  spotChecks: v.array(
    v.strictObject({ stack: v.string(), services: v.array(v.strictObject({ name: v.string(), state: v.string() })) }),
  ),
  answers: v.strictObject({ beforeMs: v.nullable(MS), afterMs: v.nullable(MS) }),
  waivers: v.array(WAIVER),
  evidence: v.nullable(v.string()),
  next: v.string(),
  service: NOW,
};

/** How a run stands once the command that drove or watched it is done: the last line of its events. */
export const RESULT = v.strictObject({
  type: v.literal('result'),
  ...ENDING,
  /** The run that failed on its way, where this one went back from it. */
  after: v.optional(v.strictObject(ENDING)),
});
