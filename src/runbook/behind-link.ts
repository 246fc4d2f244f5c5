import type { Files } from '../host/files.ts';

/** Where it really is: what was moved to a larger disk, a link in its place, is still the same. Rejects with E_NOT_FOUND where that leads nowhere. */
export async function behindLink(files: Files, path: string): Promise<string> {
  return (await files.stat(path))?.type === 'link' ? files.realPath(path) : path;
}
