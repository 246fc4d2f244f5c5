import type { RefitError } from '../../errors.ts';
import { strictBase64 } from './base64.ts';

/** Both forms of minisign: over the file, or over its BLAKE2b-512. https://jedisct1.github.io/minisign/#signature-format */
export interface MinisignSignature {
  readonly format: 'legacy' | 'prehashed';
  readonly keyId: Buffer;
  readonly signature: Buffer;
  readonly trustedComment: Buffer;
  /** Over signature and trusted comment. */
  readonly globalSignature: Buffer;
}

export interface MinisignKey {
  readonly keyId: Buffer;
  /** Raw Ed25519 public key. */
  readonly key: Buffer;
}

type Refuse = (seen: string, expected: string) => RefitError;

const UNTRUSTED = 'untrusted comment: ';
const TRUSTED = 'trusted comment: ';
const SIGNATURE_BYTES = 2 + 8 + 64;
const KEY_BYTES = 2 + 8 + 32;

export const looksMinisign = (data: Buffer): boolean =>
  data.subarray(0, UNTRUSTED.length).toString('latin1') === UNTRUSTED;

export function parseMinisignSignature(data: Buffer, refuse: Refuse): MinisignSignature {
  // One character per byte: the comment is compared and signed as bytes.
  const [untrusted = '', line = '', comment = '', last = '', ...rest] = linesOf(data);
  if (!untrusted.startsWith(UNTRUSTED) || rest.length > 0)
    throw refuse('other lines', 'the four lines of a minisign signature');
  if (!comment.startsWith(TRUSTED)) throw refuse('no trusted comment', 'one in the third line');
  const bytes = strictBase64(line);
  const globalSignature = strictBase64(last);
  if (bytes?.length !== SIGNATURE_BYTES || globalSignature?.length !== 64)
    throw refuse('signatures of another length', '74 and 64 bytes in base64');
  const format = formatOf(bytes.toString('latin1', 0, 2));
  if (format === undefined)
    throw refuse(`the algorithm ${JSON.stringify(bytes.toString('latin1', 0, 2))}`, '"Ed" or "ED"');
  return {
    format,
    keyId: bytes.subarray(2, 10),
    signature: bytes.subarray(10),
    trustedComment: Buffer.from(comment.slice(TRUSTED.length), 'latin1'),
    globalSignature,
  };
}

function formatOf(algorithm: string): MinisignSignature['format'] | undefined {
  if (algorithm === 'Ed') return 'legacy';
  return algorithm === 'ED' ? 'prehashed' : undefined;
}

/** Reads a key file, or its second line alone. */
export function parseMinisignKey(data: Buffer, refuse: Refuse): MinisignKey {
  const lines = linesOf(data);
  const [line = '', ...rest] = looksMinisign(data) ? lines.slice(1) : lines;
  const bytes = strictBase64(line);
  const algorithm = bytes?.toString('latin1', 0, 2);
  if (bytes?.length !== KEY_BYTES || algorithm !== 'Ed' || rest.length > 0) {
    throw refuse('something else', 'a minisign public key: 56 characters that begin with RW');
  }
  return { keyId: bytes.subarray(2, 10), key: bytes.subarray(10) };
}

/** As minisign prints it: the number that the eight bytes are, the lowest first. */
export const keyIdText = (id: Buffer): string => Buffer.from(id).reverse().toString('hex').toUpperCase();

function linesOf(data: Buffer): readonly string[] {
  return data
    .toString('latin1')
    .replace(/\r?\n$/, '')
    .split(/\r?\n/);
}
