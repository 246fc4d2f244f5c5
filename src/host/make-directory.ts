import { constants } from 'node:fs';
import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from './errno.ts';
import type { Ownership } from './files.ts';
import { own, syncDirectory, withFile } from './handle.ts';

async function isDirectory(path: string): Promise<boolean> {
  try {
    if ((await stat(path)).isDirectory()) return true;
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false;
    throw cause;
  }
  throw Object.assign(new Error('not a directory'), { code: 'ENOTDIR' });
}

/** See `Files.makeDirectory`. */
export async function makeDirectory(path: string, owner: Ownership): Promise<void> {
  if (await isDirectory(path)) return;
  const parent = dirname(path);
  await makeDirectory(parent, owner);
  await mkdir(path, owner.mode);
  await withFile(path, constants.O_RDONLY | constants.O_DIRECTORY | constants.O_NOFOLLOW, (handle) =>
    own(handle, owner),
  );
  await syncDirectory(parent);
}
