import { type Bundle, bundleFromJSON, ValidationError } from '@sigstore/bundle';
import type { RefitError } from '../../errors.ts';
import { strictBase64 } from './base64.ts';
import { certificatesOf } from './certificates.ts';
import { Fields } from './fields.ts';
import { fromLibrary } from './from-library.ts';
import type { ParsedBundle } from './parsed-bundle.ts';
import type { Json } from './strict-json.ts';

/** By media type. The library takes any `x.y` for the newest form. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['application/vnd.dev.sigstore.bundle+json;version=0.1', 'bundle v0.1'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.2', 'bundle v0.2'],
  ['application/vnd.dev.sigstore.bundle+json;version=0.3', 'bundle v0.3'],
  ['application/vnd.dev.sigstore.bundle.v0.3+json', 'bundle v0.3'],
]);

/** The fields that hold bytes. The library decodes them forgivingly: of a damaged text it takes what it can. */
const BYTES = new Set(
  'canonicalizedBody digest hashes keyId payload rawBytes rootHash sig signature signedEntryTimestamp signedTimestamp'.split(
    ' ',
  ),
);
/** int64: protobuf's JSON has them as text. */
const COUNTS = new Set(['integratedTime', 'logIndex', 'treeSize']);
const COUNT = /^(?:0|[1-9]\d{0,15})$/;

type Refuse = (seen: string, expected: string, cause?: unknown) => RefitError;

/** Reads a Sigstore bundle, v0.1 to v0.3. */
export function parseBundle(json: Json, refuse: Refuse): ParsedBundle {
  const mediaType = new Fields(json, 'bundle', refuse).text('mediaType');
  const format = FORMATS.get(mediaType);
  if (format === undefined)
    throw refuse(`the media type ${JSON.stringify(mediaType.slice(0, 80))}`, 'a Sigstore bundle v0.1 to v0.3');
  requirePlain(json, 'bundle', refuse);
  const bundle = fromLibrary(
    () => bundleFromJSON(json),
    (cause) => refuse(wordsFor(cause), 'a whole bundle', cause),
  );
  requireNoRoot(bundle, refuse);
  return { format, bundle };
}

function requirePlain(json: Json, where: string, refuse: Refuse): void {
  if (typeof json !== 'object' || json === null) return;
  for (const [key, value] of Object.entries(json)) {
    const path = Array.isArray(json) ? `${where}[${key}]` : `${where}.${key}`;
    const texts = Array.isArray(value) ? value : [value];
    if (BYTES.has(key) && texts.some((text) => typeof text === 'string' && strictBase64(text) === undefined)) {
      throw refuse(`${path} that is no base64`, 'base64');
    }
    if (COUNTS.has(key) && !COUNT.test(String(value))) {
      throw refuse(`${JSON.stringify(value)} as ${path}`, 'a whole number, not negative');
    }
    requirePlain(value, path, refuse);
  }
}

/** The library keeps the names of the wrong fields beside its message, not in it. */
function wordsFor(error: Error): string {
  return error instanceof ValidationError
    ? `wrong or missing ${error.fields.join(', ')}`
    : `what cannot be read (${error.message})`;
}

/** A root that travels with the signature proves nothing, and a reader may take it for one that is trusted. */
function requireNoRoot(bundle: Bundle, refuse: Refuse): void {
  const [, ...chain] = certificatesOf(bundle, (cause) =>
    refuse(`a certificate that cannot be read (${cause.message})`, 'a whole one', cause),
  );
  if (chain.some(({ selfIssued }) => selfIssued)) throw refuse('a root certificate in it', 'none');
}
