import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import type { Files } from '../../host/files.ts';
import { chunksOf, type Examined } from './examine.ts';
import {
  keyIdText,
  type MinisignKey,
  type MinisignSignature,
  parseMinisignKey,
  parseMinisignSignature,
} from './minisign-text.ts';
import { readSmall } from './read-small.ts';
import { type Case, doesNotHold, noGround, otherSigner, type Seen, unreadable } from './refusals.ts';
import type { MinisignProof } from './trust.ts';

/** A legacy signature is over the file itself, which Ed25519 needs whole. */
const LEGACY_MAX_BYTES = 512 * 1024 * 1024;
/** RFC 8410: what stands before the 32 bytes of an Ed25519 key in DER. */
const ED25519_SPKI = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_LINE = /^RW[A-Za-z0-9+/]{54}$/;

/**
 * Proves a file by a minisign signature and a key: that the key's ID fits, the signature over the file holds, and the one over
 * the trusted comment. Errors: E_SIGNATURE_UNREADABLE, E_SIGNATURE_INVALID, E_SIGNER_MISMATCH, E_TRUST_UNREADABLE.
 */
export async function verifyMinisign(
  files: Files,
  about: Case,
  data: Buffer,
  named: string,
): Promise<{ readonly examined: Examined; readonly proof: MinisignProof }> {
  const parsed = parseMinisignSignature(data, (seen, expected) => unreadable(about.signature, { seen, expected }));
  const { key, keyId } = await readMinisignKey(files, named);
  const [seen, expected] = [parsed.keyId, keyId].map(keyIdText);
  if (seen !== expected) throw otherSigner('key', about, { seen: `the key ${seen}`, expected: `${expected}` });
  const publicKey = createPublicKey({ key: Buffer.concat([ED25519_SPKI, key]), format: 'der', type: 'spki' });
  const { message, examined } = await messageOf(files, about, parsed.format);
  if (!verify(null, message, publicKey, parsed.signature)) {
    throw doesNotHold('signature', about, {
      seen: `other bytes (SHA-256 ${examined.sha256})`,
      expected: 'those that were signed',
    });
  }
  requireComment(parsed, publicKey, about);
  const { format, trustedComment } = parsed;
  const { signature } = about;
  const proof = {
    method: 'minisign',
    format,
    signature,
    signer: `${expected}`,
    trustedComment: trustedComment.toString(),
  } as const;
  return { examined, proof };
}

async function readMinisignKey(files: Files, named: string): Promise<MinisignKey> {
  const refuse = (seen: Seen) => noGround(named, 'minisign public key', seen);
  const data = KEY_LINE.test(named) ? Buffer.from(named) : await readSmall(files, named, refuse);
  return parseMinisignKey(data, (seen, expected) => refuse({ seen, expected }));
}

async function messageOf(
  files: Files,
  about: Case,
  format: MinisignSignature['format'],
): Promise<{ readonly message: Buffer; readonly examined: Examined }> {
  const { artifact } = about;
  if (artifact.kind === 'digest') {
    throw doesNotHold('digest', about, {
      seen: 'a SHA-256 alone',
      expected: 'the file: minisign signs it, or its BLAKE2b',
    });
  }
  const sha256 = createHash('sha256');
  if (format === 'legacy') {
    const message =
      artifact.kind === 'bytes' ? artifact.data : await files.read(artifact.path, { maxBytes: LEGACY_MAX_BYTES });
    return { message, examined: examinedAs(sha256.update(message).digest('hex'), message.length) };
  }
  const blake = createHash('blake2b512');
  let size = 0;
  for await (const chunk of chunksOf(files, artifact)) {
    sha256.update(chunk);
    blake.update(chunk);
    size += chunk.length;
  }
  return { message: blake.digest(), examined: examinedAs(sha256.digest('hex'), size) };
}

function examinedAs(sha256: string, size: number): Examined {
  return { sha256, size, digest: undefined, signed: true };
}

function requireComment(
  { signature, trustedComment, globalSignature }: MinisignSignature,
  key: KeyObject,
  about: Case,
): void {
  if (verify(null, Buffer.concat([signature, trustedComment]), key, globalSignature)) return;
  throw doesNotHold('trusted-comment', about, { seen: 'another trusted comment', expected: 'the one that was signed' });
}
