import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from './errno.ts';
import type { Ownership } from './files.ts';

/** Never through a last link, and never waiting for the other end of a FIFO that somebody put in a file's place. */
export const SAFELY = constants.O_NOFOLLOW | constants.O_NONBLOCK;

/** Opens, acts, closes whatever happens. */
export async function withFile<T>(
  path: string | Buffer,
  flags: number,
  act: (handle: FileHandle) => Promise<T>,
  mode?: number,
): Promise<T> {
  const handle = await open(path, flags, mode);
  try {
    return await act(handle);
  } finally {
    await handle.close();
  }
}

/** All of `data`, at the current position. One write may take only a part of it; on a full disk the next one says ENOSPC. */
export async function writeAll(handle: FileHandle, data: Uint8Array): Promise<void> {
  let done = 0;
  while (done < data.length) {
    const { bytesWritten } = await handle.write(data, done, data.length - done, null);
    if (bytesWritten === 0) throw Object.assign(new Error('wrote nothing'), { code: 'EIO' });
    done += bytesWritten;
  }
}

/** As `writeAll`, with `middle` called when half of the bytes are written. */
export async function writeInHalves(handle: FileHandle, data: Uint8Array, middle: () => void): Promise<void> {
  const half = data.length >> 1;
  await writeAll(handle, data.subarray(0, half));
  middle();
  await writeAll(handle, data.subarray(half));
}

/** Owner first: chown clears the set-user-id bits that the mode may carry. */
export async function own(handle: FileHandle, owner: Ownership): Promise<void> {
  if (owner.uid !== undefined || owner.gid !== undefined) await handle.chown(owner.uid ?? -1, owner.gid ?? -1);
  await handle.chmod(owner.mode);
}

/** Syncs an open directory; some network and FUSE file systems refuse that with EINVAL, and there is nothing to be had. */
export async function syncHandle(handle: FileHandle): Promise<void> {
  try {
    await handle.sync();
  } catch (cause) {
    if (errnoOf(cause) !== 'EINVAL') throw cause;
  }
}

/** Makes names in the directory durable: creations, renames, removals. */
export function syncDirectory(path: string): Promise<void> {
  return withFile(path, constants.O_RDONLY | constants.O_DIRECTORY, syncHandle);
}
