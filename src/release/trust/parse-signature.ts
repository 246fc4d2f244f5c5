import { parseBundle } from './bundle.ts';
import { looksLegacy, parseLegacyBundle } from './legacy-bundle.ts';
import type { ParsedBundle } from './parsed-bundle.ts';
import { type Case, doesNotHold, unreadable } from './refusals.ts';
import { parseStrictJson } from './strict-json.ts';

/** Reads a signature file of either Sigstore form. */
export function parseSignature(data: Buffer, about: Case): ParsedBundle {
  const refuse = (seen: string, expected: string, cause?: unknown) =>
    unreadable(about.signature, { seen, expected, cause });
  const refuseBody = (seen: string, expected: string, cause?: unknown) =>
    doesNotHold('log-body', about, { seen, expected, cause });
  const json = parseStrictJson(data, { numbers: 'integers', refuse });
  return looksLegacy(json) ? parseLegacyBundle(json, refuse, refuseBody) : parseBundle(json, refuse);
}
