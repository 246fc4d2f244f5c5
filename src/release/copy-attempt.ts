import type { Files } from '../host/files.ts';
import type { Attempt } from './attempt.ts';
import { localPlace } from './bundle/member-url.ts';
import { paced } from './paced.ts';
import { PART_MODE } from './part.ts';
import { short } from './transfer.ts';

/**
 * A file of this machine, or of one that is mounted, or a member of a bundle: the same bounds and the same part, so that a
 * cut copy is never whole.
 */
export const copyAttempt: Attempt = async ({ files, clock }, asset, part, options) => {
  const { maxBytes, stop, bytesPerSecond, onProgress } = options;
  const { total, stream } = await openLocal(files, asset.url);
  await part.discard();
  try {
    const digest = await files.receive(
      part.path,
      bytesPerSecond === undefined ? stream : paced(stream, clock, bytesPerSecond, stop),
      { mode: PART_MODE, offset: 0, maxBytes, stop, onProgress: (bytes) => onProgress?.(bytes, total) },
    );
    if (digest.size === total) return { kind: 'whole', digest };
    return { kind: 'again', error: short(asset.url, `saw ${digest.size} bytes, expected ${total}`), size: 0 };
  } catch (error) {
    // Nothing goes on from a copy: of a damaged bundle not even the bytes before the damage are kept.
    await part.discard();
    throw error;
  }
};

interface Local {
  readonly total: number | undefined;
  readonly stream: AsyncIterable<Uint8Array>;
}

async function openLocal(files: Files, url: string): Promise<Local> {
  const { path, member } = localPlace(url);
  const real = await files.realPath(path);
  if (member === undefined) return { total: (await files.stat(real))?.size, stream: files.stream(real) };
  const { openBundle } = await import('./bundle/open.ts');
  const { memberBytes } = await import('./bundle/read-member.ts');
  const bundle = await openBundle(files, path);
  const placed = bundle.members.get(member);
  if (placed === undefined) throw short(url, `saw no ${member} in it any more`);
  return { total: placed.size, stream: memberBytes(files, bundle, placed) };
}
