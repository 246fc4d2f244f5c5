import * as v from 'valibot';

/** 64 lower-case hexadecimal digits. */
export const SHA256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Bytes, and numbers of things. */
export const COUNT = v.pipe(v.number(), v.integer(), v.minValue(0));
/** Milliseconds that were measured. */
export const MS = v.pipe(v.number(), v.minValue(0));
export const TEXTS = v.array(v.string());
/** The name of a run, a ULID. */
export const RUN = v.pipe(v.string(), v.regex(/^[0-9A-HJKMNP-TV-Z]{26}$/));
/** What failed: `code` as `refit docs errors` lists it. */
export const FAILURE = v.strictObject({ code: v.string(), message: v.string(), hint: v.optional(v.string()) });
export const PURPOSE = v.picklist(['upgrade', 'install', 'rollback']);
export const PAUSED = v.picklist(['asked', 'signal', 'shutdown', 'external', 'no-way-back']);
export const STANDING = v.picklist(['committed', 'restored', 'untouched', 'partial', 'mixed', 'paused', 'interrupted']);

/** How long the service was away, with what is known of it. */
export const WINDOW = v.strictObject({
  readyMs: MS,
  aliveMs: v.nullable(MS),
  resolutionMs: v.nullable(MS),
  by: v.picklist(['prober', 'worker', 'journal']),
});

/** What is true of a service now. A version or an answer that cannot be had is left out. */
export const NOW = v.strictObject({
  unit: v.string(),
  activity: v.string(),
  running: v.boolean(),
  version: v.optional(v.string()),
  answers: v.optional(v.boolean()),
});

/** A release that ranges pass by, as it failed here. */
export const SKIPPED = v.strictObject({
  tag: v.string(),
  sha256: v.optional(SHA256),
  run: RUN,
  at: v.string(),
  code: v.string(),
  message: v.string(),
});

export const TOO_NEW = v.strictObject({ tag: v.string(), publishedAt: v.string(), oldEnoughAt: v.string() });

/** What all of it is, all the way down: nothing of it can be changed. */
export type Frozen<T> = T extends readonly (infer Each)[]
  ? readonly Frozen<Each>[]
  : T extends object
    ? { readonly [Key in keyof T]: Frozen<T[Key]> }
    : T;

/** A finding that stood and was let pass by name. Null: an older refit kept nothing. */
export const WAIVER = v.strictObject({
  code: v.string(),
  who: v.string(),
  why: v.nullable(v.string()),
  measured: v.nullable(v.string()),
  limit: v.nullable(v.string()),
});
