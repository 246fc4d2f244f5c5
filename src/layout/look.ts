import { RefitError } from '../errors.ts';
import type { Files } from '../host/files.ts';
import type { Live } from './layout.ts';
import { realFile } from './real-path.ts';

/** See `Layout.look`. */
export async function look(files: Files, target: string): Promise<Live> {
  const path = await realFile(files, target);
  return lookAt(files, target, path);
}

/** As `look`, of a path whose links are resolved. */
export async function lookAt(files: Files, target: string, path: string): Promise<Live> {
  const found = await files.stat(path);
  if (found === undefined) return { target, path, present: false };
  if (found.type !== 'file')
    throw new RefitError('E_FILE', `Cannot replace ${path}: saw a ${found.type}, expected a file`, { facts: { path } });
  const { sha256, size } = await files.digest(path);
  return { target, path, present: true, sha256, size, mode: found.mode, uid: found.uid, gid: found.gid };
}
