import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { RefitError } from '../errors.ts';
import { BlockWriter } from './block-writer.ts';
import type { Digest, ReceiveOptions } from './files.ts';
import { own, SAFELY, withFile } from './handle.ts';
import { reclaimer } from './reclaim.ts';

const CHUNK = 1024 * 1024;

/** Feeds the kept bytes to the hash and leaves the position behind them. */
async function keep(handle: FileHandle, offset: number, feed: (kept: Uint8Array) => void): Promise<void> {
  const block = Buffer.allocUnsafe(CHUNK);
  let done = 0;
  while (done < offset) {
    const { bytesRead } = await handle.read(block, 0, Math.min(CHUNK, offset - done), null);
    if (bytesRead === 0) break;
    feed(block.subarray(0, bytesRead));
    done += bytesRead;
  }
  if (done < offset) {
    throw new RefitError('E_FILE', `Cannot go on at byte ${offset}: saw a partial file of ${done} bytes`, {
      facts: { offset, size: done },
    });
  }
}

/** See `Files.receive`. */
export function receive(
  path: string,
  stream: AsyncIterable<Uint8Array>,
  options: ReceiveOptions,
  middle: () => void,
): Promise<Digest> {
  const { offset, maxBytes, stop, onProgress } = options;
  if (offset > maxBytes) return Promise.reject(tooLarge(path, maxBytes));
  return withFile(
    path,
    constants.O_RDWR | constants.O_CREAT | SAFELY,
    async (handle) => {
      await own(handle, options);
      const hash = createHash('sha256');
      await keep(handle, offset, (kept) => hash.update(kept));
      await handle.truncate(offset);
      const writer = new BlockWriter(handle, hash);
      const reclaim = reclaimer();
      let size = offset;
      try {
        for await (const chunk of stream) {
          stop?.throwIfAborted();
          if (size + chunk.length > maxBytes) throw tooLarge(path, maxBytes);
          await writer.push(chunk);
          if (size === offset) {
            await writer.flush();
            middle();
          }
          size += chunk.length;
          reclaim(chunk.length);
          onProgress?.(size);
        }
      } finally {
        // Also when the stream breaks: the next attempt goes on from what arrived.
        await writer.flush();
      }
      await handle.sync();
      return { size, sha256: hash.digest('hex') };
    },
    0o600,
  );
}

function tooLarge(path: string, maxBytes: number): RefitError {
  return new RefitError('E_TOO_LARGE', `Cannot receive ${path}: saw more than the ${maxBytes} bytes expected at most`, {
    hint: 'The source sends something else than the release it announced: look at what its URL serves',
    facts: { path, maxBytes },
  });
}
