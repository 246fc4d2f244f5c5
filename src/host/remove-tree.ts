import { lstat, rmdir, unlink } from 'node:fs/promises';
import { errnoOf } from './errno.ts';
import { refuseMounts } from './mounts.ts';
import { inDirectory } from './walk.ts';

async function empty(directory: Buffer, device: bigint): Promise<void> {
  await inDirectory(directory, async (entry) => {
    if (!entry.isDirectory) return unlink(entry.path);
    // Mounted since we looked; its files are not ours.
    if (entry.device !== device) throw Object.assign(new Error('crosses a mount'), { code: 'EXDEV' });
    await empty(entry.path, device);
    await rmdir(entry.path);
  });
}

/** See `Files.removeTree`. Nothing is removed where a mount is found. */
export async function removeTree(path: string): Promise<void> {
  let found: Awaited<ReturnType<typeof lstat>>;
  try {
    found = await lstat(path, { bigint: true });
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT' || errnoOf(cause) === 'ENOTDIR') return;
    throw cause;
  }
  if (!found.isDirectory()) return unlink(path);
  await refuseMounts(`remove ${path}`, path);
  await empty(Buffer.from(path), BigInt(found.dev));
  await rmdir(path);
}
