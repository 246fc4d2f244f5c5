import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import type { Digest } from './files.ts';

const BLOCK = 1024 * 1024;

/**
 * SHA-256 from the start to the end, or of the first `size` bytes. The next block is read while this one is hashed.
 * Fewer bytes than `size` is what the result's own size says.
 */
export async function digestOf(handle: FileHandle, size = Number.POSITIVE_INFINITY): Promise<Digest> {
  const hash = createHash('sha256');
  let [current, next] = [Buffer.allocUnsafe(BLOCK), Buffer.allocUnsafe(BLOCK)];
  let total = 0;
  const readInto = (block: Buffer, at: number) => handle.read(block, 0, Math.min(BLOCK, size - at), at);
  let { bytesRead } = await readInto(current, 0);
  while (bytesRead > 0) {
    total += bytesRead;
    const reading = total < size ? readInto(next, total) : Promise.resolve({ bytesRead: 0 });
    hash.update(current.subarray(0, bytesRead));
    ({ bytesRead } = await reading);
    [current, next] = [next, current];
  }
  return { size: total, sha256: hash.digest('hex') };
}
