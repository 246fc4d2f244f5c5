import * as v from 'valibot';
import { COUNT, SHA256 } from './parts/values.ts';

const ASSET = v.strictObject({
  name: v.string(),
  arch: v.picklist(['amd64', 'arm64']),
  url: v.pipe(v.string(), v.regex(/^[Hh][Tt][Tt][Pp][Ss]?:\/\//)),
  size: v.pipe(COUNT, v.minValue(1)),
  sha256: SHA256,
  signer: v.optional(v.string()),
});

/** What `refit pin` writes into its file. Read by src/release/pin.ts, which knows no other kind of JSON. */
export const PIN = v.strictObject({
  format: v.literal(1),
  product: v.string(),
  version: v.string(),
  publishedAt: v.optional(v.string()),
  assets: v.pipe(v.array(ASSET), v.minLength(1), v.maxLength(64)),
});
