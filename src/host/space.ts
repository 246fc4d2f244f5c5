import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';
import type { FileSystemSpace } from './files.ts';

/** The errno of asking the kernel whether we may write there: it knows mounts, immutable files and our rights alike. */
async function refusal(path: string, mode: number): Promise<string | undefined> {
  try {
    await access(path, mode);
    return undefined;
  } catch (cause) {
    const errno = errnoOf(cause);
    if (errno === undefined) throw cause;
    return errno;
  }
}

export async function space(path: string): Promise<FileSystemSpace> {
  const [numbers, found, refused] = await Promise.all([
    statfs(path),
    stat(path, { bigint: true }),
    refusal(path, constants.W_OK),
  ]);
  return {
    device: found.dev,
    // Without the blocks reserved for root: those keep the host alive, they are not ours to fill.
    freeBytes: numbers.bavail * numbers.bsize,
    totalBytes: numbers.blocks * numbers.bsize,
    // Btrfs and others count no inodes and say 0 of 0.
    freeInodes: numbers.files === 0 ? Number.MAX_SAFE_INTEGER : numbers.ffree,
    readOnly: refused === 'EROFS',
  };
}

export async function writable(path: string): Promise<boolean> {
  const refused = await refusal(path, constants.W_OK);
  if (refused !== 'ENOENT') return refused === undefined;
  // Nothing is there: it would be created, with its missing parents.
  const parent = dirname(path);
  if ((await refusal(parent, constants.F_OK)) === 'ENOENT') return writable(parent);
  return (await refusal(parent, constants.W_OK | constants.X_OK)) === undefined;
}
