import { readFile } from 'node:fs/promises';
import { errnoOf } from './errno.ts';
import type { LockFileId } from './lock-file.ts';

/** The bytes SQLite locks for writing while a transaction is exclusive. Source: os_unix.c and os.h (PENDING_BYTE), sqlite.org. */
const RANGE = '1073741824 1073742335';

/** Major and minor as /proc/locks writes them, from the st_dev that stat(2) gives. Source: makedev(3). */
export function deviceName(device: bigint): string {
  const major = ((device >> 8n) & 0xfffn) | ((device >> 32n) & 0xfffff000n);
  const minor = (device & 0xffn) | ((device >> 12n) & 0xffffff00n);
  return `${major.toString(16).padStart(2, '0')}:${minor.toString(16).padStart(2, '0')}`;
}

/**
 * The process that holds the file exclusively, by a text like /proc/locks. Btrfs and overlayfs number devices there in
 * another way than stat does; then only the inode is compared, and `expectedPid` (who claims to hold it) must match.
 */
export function lockingPid(locks: string, file: LockFileId, expectedPid: number | undefined): number | undefined {
  for (const line of locks.split('\n')) {
    const [, kind, , access, pid, place = '', ...range] = line.trim().split(/\s+/);
    if (kind !== 'POSIX' || access !== 'WRITE' || range.join(' ') !== RANGE) continue;
    const colon = place.lastIndexOf(':');
    if (place.slice(colon + 1) !== String(file.inode)) continue;
    if (place.slice(0, colon) === deviceName(file.device) || Number(pid) === expectedPid) return Number(pid);
  }
  return undefined;
}

/** Opens nothing but /proc, and needs no right on the file. */
export async function findLockingPid(file: LockFileId, expectedPid: number | undefined): Promise<number | undefined> {
  try {
    return lockingPid(await readFile('/proc/locks', 'utf8'), file, expectedPid);
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
    return undefined;
  }
}
