import * as v from 'valibot';
import { COUNT, SHA256, TEXTS } from './values.ts';

/**
 * What was asked for when the plan was made: all that decides what an upgrade does, but for what only root may read (the
 * token) and for names and passwords in URLs.
 */
export const WISH = v.strictObject({
  product: v.optional(v.string()),
  installation: v.optional(v.string()),
  profile: v.optional(v.string()),
  prefix: v.optional(v.string()),
  /** Exactly the version that was chosen. */
  to: v.string(),
  source: v.optional(v.string()),
  mirrors: v.optional(TEXTS),
  channel: v.optional(v.string()),
  tarball: v.optional(v.string()),
  sha256: v.optional(SHA256),
  allowPrerelease: v.boolean(),
  allowMajor: v.optional(v.boolean()),
  pinned: v.optional(v.string()),
  minAgeMs: v.optional(COUNT),
  waived: TEXTS,
  /** Why. */
  because: v.optional(v.string()),
  allOrNothing: v.optional(v.boolean()),
  /** ISO 8601, UTC: when the service may be stopped. */
  notBefore: v.optional(v.string()),
  notAfter: v.optional(v.string()),
  applyEnvEdits: v.boolean(),
  restoreData: v.boolean(),
  rehearse: v.boolean(),
  archive: v.optional(v.picklist(['zstd', 'gzip'])),
  spotChecks: TEXTS,
  copyRate: v.optional(COUNT),
  limitRate: v.optional(COUNT),
  deadlineMs: v.optional(COUNT),
});
