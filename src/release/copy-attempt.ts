import { fileURLToPath } from 'node:url';
import type { Attempt } from './attempt.ts';
import { paced } from './paced.ts';
import { PART_MODE } from './part.ts';
import { short } from './transfer.ts';

/** A file of this machine, or of one that is mounted: the same bounds and the same part, so that a cut copy is never whole. */
export const copyAttempt: Attempt = async ({ files, clock }, asset, part, options) => {
  const { maxBytes, stop, bytesPerSecond, onProgress } = options;
  const from = await files.realPath(fileURLToPath(asset.url));
  const total = (await files.stat(from))?.size;
  await part.discard();
  const bytes = files.stream(from);
  const stream = bytesPerSecond === undefined ? bytes : paced(bytes, clock, bytesPerSecond, stop);
  const digest = await files.receive(part.path, stream, {
    mode: PART_MODE,
    offset: 0,
    maxBytes,
    stop,
    onProgress: (bytes) => onProgress?.(bytes, total),
  });
  if (digest.size === total) return { kind: 'whole', digest };
  return { kind: 'again', error: short(asset.url, `saw ${digest.size} bytes, expected ${total}`), size: 0 };
};
