import { createHash, createVerify, type KeyObject } from 'node:crypto';
import type { Digest, Files } from '../../host/files.ts';
import type { Artifact } from './trust.ts';

/** A signature over the file itself. */
export interface OverBytes {
  readonly key: KeyObject;
  readonly signature: Buffer;
  readonly hash: Hash;
}

export type Hash = 'sha256' | 'sha384' | 'sha512';

/** What one look at an artifact found. */
export interface Examined {
  /** Lower case hexadecimal. */
  readonly sha256: string;
  readonly size: number | undefined;
  /** By the signature's hash. */
  readonly digest: Buffer | undefined;
  /** Whether the signature holds. */
  readonly signed: boolean;
}

/** Digest and signature in one pass, so that both are about the same bytes though somebody writes to the file meanwhile. */
export async function examine(files: Files, artifact: Artifact, over: OverBytes | undefined): Promise<Examined> {
  if (artifact.kind === 'digest') return await examineDigest(artifact.sha256, over);
  if (over === undefined) {
    const { sha256, size } = artifact.kind === 'bytes' ? digestOf(artifact.data) : await files.digest(artifact.path);
    return { sha256, size, digest: undefined, signed: false };
  }
  const sha256 = createHash('sha256');
  const other = over.hash === 'sha256' ? undefined : createHash(over.hash);
  const verifier = createVerify(over.hash);
  let size = 0;
  for await (const chunk of chunksOf(files, artifact)) {
    sha256.update(chunk);
    other?.update(chunk);
    verifier.update(chunk);
    size += chunk.length;
  }
  const digest = sha256.digest();
  return {
    sha256: digest.toString('hex'),
    size,
    digest: other?.digest() ?? digest,
    signed: holds(() => verifier.verify(over.key, over.signature)),
  };
}

function digestOf(data: Buffer): Digest {
  return { sha256: createHash('sha256').update(data).digest('hex'), size: data.length };
}

/** Of what there is more than a digest. */
export function chunksOf(
  files: Files,
  artifact: Exclude<Artifact, { kind: 'digest' }>,
): AsyncIterable<Uint8Array> | Iterable<Uint8Array> {
  return artifact.kind === 'bytes' ? [artifact.data] : files.stream(artifact.path);
}

async function examineDigest(sha256: string, over: OverBytes | undefined): Promise<Examined> {
  if (over?.hash !== 'sha256') return { sha256, size: undefined, digest: undefined, signed: false };
  const digest = Buffer.from(sha256, 'hex');
  const { verifyDigest } = await import('./ecdsa-digest.ts');
  return { sha256, size: undefined, digest, signed: holds(() => verifyDigest(digest, over.key, over.signature)) };
}

/** OpenSSL throws for keys that cannot sign so, instead of saying no. */
function holds(verify: () => boolean): boolean {
  try {
    return verify();
  } catch {
    return false;
  }
}
