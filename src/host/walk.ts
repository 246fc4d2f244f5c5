import { constants } from 'node:fs';
import { type FileHandle, lstat, open, readdir } from 'node:fs/promises';

const SLASH = Buffer.from('/');

/** One entry of a directory that is held open. */
export interface WalkEntry {
  /** Reaches the entry through the open directory, whatever is renamed above it meanwhile; its name may be any bytes. */
  readonly path: Buffer;
  readonly isDirectory: boolean;
  readonly isFile: boolean;
  readonly device: bigint;
}

/**
 * Node has no openat(2). The magic link of an open directory is the same thing: a stranger who owns a directory further
 * up cannot put a link in its place and send a root tool elsewhere. Where there is no /proc the plain path must do.
 */
function pathThrough(handle: FileHandle, path: Buffer): Buffer {
  return process.platform === 'linux' ? Buffer.from(`/proc/self/fd/${handle.fd}`) : path;
}

/** Opens the directory without following a link, and visits its entries in byte order. `act` sees the directory at the end. */
export async function inDirectory(
  path: Buffer,
  visit: (entry: WalkEntry) => Promise<void>,
  atEnd: (directory: FileHandle) => Promise<void> = async () => undefined,
): Promise<void> {
  const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW);
  try {
    const through = pathThrough(handle, path);
    const names = await readdir(through, { encoding: 'buffer' });
    for (const name of names.sort(Buffer.compare)) {
      const child = Buffer.concat([through, SLASH, name]);
      const found = await lstat(child, { bigint: true });
      await visit({ path: child, isDirectory: found.isDirectory(), isFile: found.isFile(), device: found.dev });
    }
    await atEnd(handle);
  } finally {
    await handle.close();
  }
}
