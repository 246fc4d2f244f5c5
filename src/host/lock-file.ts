import { constants } from 'node:fs';
import { chmod, lstat, open, truncate } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';
import { SAFELY, syncDirectory } from './handle.ts';

/** What tells one lock file from every other, whatever it is called. */
export interface LockFileId {
  readonly device: bigint;
  readonly inode: bigint;
}

const MODE = 0o600;

/** `undefined` where there is none. Never opens it: closing it would drop the locks this process has on it. */
export async function identify(path: string): Promise<LockFileId | undefined> {
  try {
    const { dev, ino } = await lstat(path, { bigint: true });
    return { device: dev, inode: ino };
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT' || errnoOf(cause) === 'ENOTDIR') return undefined;
    throw cause;
  }
}

/**
 * An empty file of mode 0600 and nothing else. Not readable by others: their read lock would keep us out. Whatever is in
 * it is cut off, since SQLite refuses garbage, and a database in WAL mode locks another file. Cutting is safe while another
 * process holds it (the lock is on the inode, which stays); removing would not be: two processes could hold two files.
 * Must not be called while this process holds it.
 */
export async function prepareLockFile(path: string): Promise<LockFileId> {
  try {
    const handle = await open(path, constants.O_RDWR | constants.O_CREAT | constants.O_EXCL | SAFELY, MODE);
    await handle.chmod(MODE).finally(() => handle.close());
    await syncDirectory(dirname(path));
  } catch (cause) {
    if (errnoOf(cause) !== 'EEXIST') throw cause;
  }
  const found = await lstat(path, { bigint: true });
  if (!found.isFile()) throw Object.assign(new Error('not a regular file'), { code: 'ELOOP' });
  if ((Number(found.mode) & 0o7777) !== MODE) await chmod(path, MODE);
  if (found.size > 0n) await truncate(path, 0);
  return { device: found.dev, inode: found.ino };
}
