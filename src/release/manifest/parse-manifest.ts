import { Fields } from '../trust/fields.ts';
import { parseStrictJson } from '../trust/strict-json.ts';
import { requireArtefactUrl } from './artefact-url.ts';
import type { Manifest, ManifestRow } from './manifest.ts';
import { refusalOf } from './refusal.ts';

export const MANIFEST_MAX_BYTES = 1024 * 1024;
const MAX_ROWS = 1000;

const WORD = /^[A-Za-z0-9._+-]{1,64}$/;
const SHA256 = /^[0-9A-Fa-f]{64}$/;

export interface ManifestOptions {
  /** For messages. */
  readonly file: string;
  readonly hosts: readonly string[];
}

/**
 * Reads a manifest whose signature has been proven over these very bytes, all of it: a row that is not chosen today is a row
 * all the same. Keys that are not known are passed over, as the product's own upgraders do. E_MANIFEST_INVALID otherwise.
 */
export function parseManifest(data: Buffer, { file, hosts }: ManifestOptions): Manifest {
  const refuse = refusalOf(file);
  if (data.length > MANIFEST_MAX_BYTES) throw refuse(`${data.length} bytes`, `at most ${MANIFEST_MAX_BYTES}`);
  const fields = new Fields(parseStrictJson(data, { numbers: 'integers', refuse }), 'manifest', refuse);
  const word = (from: Fields, key: string, where: string): string => {
    const text = from.text(key);
    if (WORD.test(text)) return text;
    throw refuse(`${JSON.stringify(text.slice(0, 80))} as ${where}.${key}`, 'a word of at most 64 characters');
  };
  const rows = fields.objects('artefacts').map((row, index): ManifestRow => {
    const where = `manifest.artefacts[${index}]`;
    const sha256 = row.text('sha256');
    if (!SHA256.test(sha256))
      throw refuse(`${JSON.stringify(sha256.slice(0, 80))} as ${where}.sha256`, '64 hexadecimal digits');
    const url = row.text('url');
    requireArtefactUrl(url, hosts, refuse);
    return { arch: word(row, 'arch', where), variant: word(row, 'variant', where), sha256: sha256.toLowerCase(), url };
  });
  if (rows.length === 0 || rows.length > MAX_ROWS) throw refuse(`${rows.length} artefacts`, `1 to ${MAX_ROWS}`);
  // Of two rows for one machine the upgraders take the first: whoever reads the other was shown something else.
  const twice = rows.find((row, index) => rows.findIndex((one) => sameMachine(one, row)) !== index);
  if (twice !== undefined) throw refuse(`two artefacts for ${twice.arch} ${twice.variant}`, 'one');
  return {
    version: word(fields, 'version', 'manifest'),
    channel: word(fields, 'channel', 'manifest'),
    deviceType: word(fields, 'device_type', 'manifest'),
    releasedAt: fields.text('released_at'),
    sequence: fields.count('sequence'),
    rows,
  };
}

const sameMachine = (a: ManifestRow, b: ManifestRow): boolean => a.arch === b.arch && a.variant === b.variant;
