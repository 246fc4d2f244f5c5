import * as v from 'valibot';
import { COUNT, FAILURE, MS, NOW, PAUSED, PURPOSE, RUN, SKIPPED, STANDING, WAIVER, WINDOW } from './parts/values.ts';

const SUMMARY = v.strictObject({
  run: RUN,
  purpose: PURPOSE,
  from: v.string(),
  to: v.string(),
  by: v.string(),
  standing: STANDING,
  /** Why it waits, while it does. */
  paused: v.optional(PAUSED),
  exit: COUNT,
  windowMs: v.optional(MS),
  window: v.optional(WINDOW),
  error: v.optional(FAILURE),
  waivers: v.optional(v.array(WAIVER)),
  /** ISO 8601: the service is not stopped before. */
  waitsUntil: v.optional(v.string()),
});

/** `state.json` too. */
const STATE = v.strictObject({
  format: v.literal(1),
  installation: v.string(),
  product: v.string(),
  version: v.optional(v.string()),
  last: v.optional(SUMMARY),
  open: v.optional(SUMMARY),
  skipped: v.array(SKIPPED),
  rollback: v.optional(v.strictObject({ version: v.string(), directory: v.string() })),
});

/** What `status -o json` says. */
export const STATUS = v.strictObject({
  installations: v.array(
    v.strictObject({
      installation: v.string(),
      now: NOW,
      state: STATE,
      worker: v.boolean(),
      rollbackBytes: v.optional(COUNT),
      problems: v.array(FAILURE),
    }),
  ),
});
