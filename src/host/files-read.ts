import { constants } from 'node:fs';
import { lstat, open, readdir, readlink, realpath } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { RefitError } from '../errors.ts';
import { blockDigests } from './blocks.ts';
import { digestOf } from './digest.ts';
import { errnoOf, fileError, naming } from './errno.ts';
import { toFileStat } from './file-stat.ts';
import type { Files } from './files.ts';
import { withFile } from './handle.ts';
import { MOUNTINFO, mounts } from './mounts.ts';
import { reclaimer } from './reclaim.ts';
import { space, writable } from './space.ts';

type FileReads = Pick<
  Files,
  | 'read'
  | 'readHead'
  | 'readFrom'
  | 'stream'
  | 'stat'
  | 'list'
  | 'readLink'
  | 'realPath'
  | 'space'
  | 'mounts'
  | 'digest'
  | 'blockDigests'
  | 'writable'
>;

/** Links are followed when reading; a FIFO in a file's place must not make us wait. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;
const CHUNK = 256 * 1024;

/** Until the end or `maxBytes`, without trusting the size: files in /proc say 0. */
function readUpTo(path: string, offset: number, maxBytes: number): Promise<Buffer> {
  return withFile(path, READ, async (handle) => {
    const parts: Buffer[] = [];
    let total = 0;
    while (total < maxBytes) {
      const part = Buffer.allocUnsafe(Math.min(CHUNK, maxBytes - total));
      const { bytesRead } = await handle.read(part, 0, part.length, offset + total);
      if (bytesRead === 0) break;
      parts.push(part.subarray(0, bytesRead));
      total += bytesRead;
    }
    return Buffer.concat(parts, total);
  });
}

async function* chunks(path: string, wanted: Parameters<Files['stream']>[1]): AsyncGenerator<Buffer> {
  // Where no part is wanted the position is the handle's own: a pipe has no other.
  let position = wanted?.offset ?? null;
  let left = wanted?.size ?? Number.POSITIVE_INFINITY;
  const reclaim = reclaimer();
  try {
    const handle = await open(path, READ);
    try {
      while (left > 0) {
        const part = Buffer.allocUnsafe(CHUNK);
        const { bytesRead } = await handle.read(part, 0, Math.min(CHUNK, left), position);
        if (bytesRead === 0) return;
        if (position !== null) position += bytesRead;
        left -= bytesRead;
        yield part.subarray(0, bytesRead);
        reclaim(bytesRead);
      }
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw fileError(`read ${path}`, path, cause);
  }
}

async function read(path: string, maxBytes: number): Promise<Buffer> {
  const data = await readUpTo(path, 0, maxBytes + 1);
  if (data.length <= maxBytes) return data;
  throw new RefitError('E_TOO_LARGE', `Cannot read ${path}: saw more than the ${maxBytes} bytes expected at most`, {
    facts: { path, maxBytes },
  });
}

async function stat(path: string): Promise<ReturnType<typeof toFileStat> | undefined> {
  try {
    return toFileStat(await lstat(path, { bigint: true }));
  } catch (cause) {
    // ENOTDIR: a parent is a file, so nothing is there either.
    if (errnoOf(cause) === 'ENOENT' || errnoOf(cause) === 'ENOTDIR') return undefined;
    throw cause;
  }
}

async function list(path: string): Promise<readonly string[]> {
  const names = await readdir(path, { encoding: 'buffer' });
  return names.sort(Buffer.compare).map((name) => name.toString());
}

export const fileReads: FileReads = {
  read: (path, { maxBytes }) => naming(`read ${path}`, path, () => read(path, maxBytes)),
  readHead: (path, maxBytes) => naming(`read ${path}`, path, () => readUpTo(path, 0, maxBytes)),
  readFrom: (path, offset, maxBytes) => naming(`read ${path}`, path, () => readUpTo(path, offset, maxBytes)),
  stream: (path, part) => Readable.from(chunks(path, part), { objectMode: false }),
  stat: (path) => naming(`look at ${path}`, path, () => stat(path)),
  list: (path) => naming(`list ${path}`, path, () => list(path)),
  readLink: (path) => naming(`read the link ${path}`, path, () => readlink(path)),
  realPath: (path) => naming(`resolve ${path}`, path, () => realpath(path)),
  space: (path) => naming(`measure the space at ${path}`, path, () => space(path)),
  mounts: () => naming(`read ${MOUNTINFO}`, MOUNTINFO, mounts),
  digest: (path) => naming(`read ${path}`, path, () => withFile(path, READ, (handle) => digestOf(handle))),
  blockDigests: (path) => naming(`read ${path}`, path, () => blockDigests(path)),
  writable: (path) => naming(`look at ${path}`, path, () => writable(path)),
};
