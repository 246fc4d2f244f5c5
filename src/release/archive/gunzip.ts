import { createHash } from 'node:crypto';
import { pipeline } from 'node:stream';
import { createGunzip, type Gunzip } from 'node:zlib';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { HEAD_BYTES, looksLike } from '../looks-like.ts';
import type { VerifiedArtifact } from '../release.ts';
import { invalidArchive, unsafeArchive } from './refusal.ts';

export interface GunzipLimits {
  /** Unpacked bytes, headers included. */
  readonly maxBytes: number;
  /** Unpacked bytes per packed byte. */
  readonly maxRatio: number;
}

/** Small archives of very even content are no bombs. */
const RATIO_FREE_BYTES = 1024 * 1024;
const CHUNK = 256 * 1024;

/**
 * The unpacked bytes of a proven file, and proof that they are those: the packed bytes are hashed once more on the way,
 * E_DIGEST_MISMATCH at the end where somebody changed the file since. E_ARCHIVE_INVALID where it is no sound gzip file,
 * E_ARCHIVE_UNSAFE where it swells beyond the limits.
 */
export async function* gunzip(
  files: Files,
  { path, evidence }: VerifiedArtifact,
  limits: GunzipLimits,
): AsyncGenerator<Buffer, void, undefined> {
  // By its first bytes before any decompressor sees it: a zstd stream given to the tar package ends the process on old Nodes.
  const head = await files.readHead(path, HEAD_BYTES);
  if (head[0] !== 0x1f || head[1] !== 0x8b) throw invalidArchive(path, `${looksLike(head)}, expected a gzip archive`);
  const hash = createHash('sha256');
  const unzip = createGunzip({ chunkSize: CHUNK });
  // Errors reach the loop below through `unzip`, which pipeline destroys with them.
  pipeline(hashed(files, path, hash), unzip, () => undefined);
  yield* bounded(path, unzip, Math.min(limits.maxBytes, Math.max(RATIO_FREE_BYTES, evidence.size * limits.maxRatio)));
  if (unzip.bytesWritten < evidence.size) {
    throw invalidArchive(path, `${evidence.size - unzip.bytesWritten} bytes behind the end of the gzip data`);
  }
  const seen = hash.digest('hex');
  if (seen === evidence.sha256) return;
  throw new RefitError(
    'E_DIGEST_MISMATCH',
    `Cannot unpack ${path}: saw SHA-256 ${seen}, expected ${evidence.sha256} as verified`,
    {
      hint: 'somebody changed the file since it was verified: find out who, then fetch it again',
      facts: { path, seen, expected: evidence.sha256 },
    },
  );
}

async function* hashed(files: Files, path: string, hash: ReturnType<typeof createHash>) {
  for await (const chunk of files.stream(path) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    yield chunk;
  }
}

async function* bounded(path: string, unzip: Gunzip, maxBytes: number): AsyncGenerator<Buffer, void, undefined> {
  let size = 0;
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > maxBytes) throw unsafeArchive(path, `more than ${maxBytes} unpacked bytes`);
      yield chunk;
    }
  } catch (cause) {
    // zlib's own codes: Z_DATA_ERROR, and Z_BUF_ERROR where the file was cut.
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    throw code.startsWith('Z_') ? invalidArchive(path, `damaged gzip data (${code})`, cause) : cause;
  }
}
