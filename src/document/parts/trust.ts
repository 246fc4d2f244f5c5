import * as v from 'valibot';
import { COUNT, SHA256 } from './values.ts';

const OVER = v.picklist(['asset', 'checksums', 'manifest']);

const SIGNER = v.variant('kind', [
  v.strictObject({ kind: v.literal('identity'), identity: v.string(), issuer: v.string() }),
  v.strictObject({
    kind: v.literal('workflow'),
    issuer: v.string(),
    repository: v.string(),
    ref: v.string(),
    workflow: v.string(),
  }),
  v.strictObject({ kind: v.literal('key'), path: v.string() }),
]);

/** What must hold before an archive is unpacked. */
export const TRUST = v.strictObject({
  checksums: v.boolean(),
  sigstore: v.optional(v.strictObject({ over: OVER, signer: SIGNER, trustedRoot: v.optional(v.string()) })),
  minisign: v.optional(v.strictObject({ over: OVER, key: v.string() })),
});

const PROOF = v.variant('method', [
  v.strictObject({
    method: v.literal('sigstore'),
    format: v.string(),
    signature: v.string(),
    signer: v.string(),
    issuer: v.optional(v.string()),
    repository: v.optional(v.string()),
    ref: v.optional(v.string()),
    logIndex: v.string(),
    integratedTime: v.optional(v.string()),
    predicateType: v.optional(v.string()),
  }),
  v.strictObject({
    method: v.literal('minisign'),
    format: v.string(),
    signature: v.string(),
    signer: v.string(),
    trustedComment: v.string(),
  }),
]);

/** What a verification established of an archive. */
export const EVIDENCE = v.strictObject({
  method: v.literal('sha256'),
  sha256: SHA256,
  size: COUNT,
  from: v.array(v.string()),
  at: v.string(),
  signatures: v.optional(v.array(v.strictObject({ over: OVER, sha256: SHA256, proof: PROOF }))),
  manifest: v.optional(v.strictObject({ version: v.string(), channel: v.string(), sequence: COUNT, sha256: SHA256 })),
});
