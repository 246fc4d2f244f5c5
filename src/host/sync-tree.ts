import { constants } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { SAFELY, syncHandle, withFile } from './handle.ts';
import { inDirectory } from './walk.ts';

const READ = constants.O_RDONLY | SAFELY;

/** Children before their directory, so that a name never reaches the disk before what it names. */
function syncBelow(directory: Buffer): Promise<void> {
  return inDirectory(
    directory,
    async (entry) => {
      if (entry.isDirectory) return syncBelow(entry.path);
      // Links live in their directory; devices, sockets and FIFOs hold nothing.
      if (entry.isFile) await withFile(entry.path, READ, (handle) => handle.sync());
    },
    syncHandle,
  );
}

/** See `Files.syncTree`. */
export async function syncTree(path: string): Promise<void> {
  if ((await lstat(path)).isDirectory()) return syncBelow(Buffer.from(path));
  await withFile(path, READ, (handle) => handle.sync());
}
