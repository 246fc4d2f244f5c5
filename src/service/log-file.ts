import type { Files } from '../host/files.ts';

const MAX_BYTES = 4 * 1024 * 1024;

/** Which file, and how much of it: one that was rotated meanwhile is read from its start. */
export async function fileCursor(files: Files, path: string): Promise<string> {
  const found = await files.stat(path);
  return found === undefined ? '' : `${found.inode}:${found.size}`;
}

/** See `ServiceManager.logsSince`. A last line without its end is a line. */
export async function fileSince(
  files: Files,
  path: string,
  cursor: string,
  maxLines: number,
): Promise<readonly string[]> {
  const found = await files.stat(path);
  if (found === undefined) return [];
  const [inode, size] = cursor.split(':');
  const isSame = inode === String(found.inode) && Number(size) <= found.size;
  const offset = Math.max(isSame ? Number(size) : 0, found.size - MAX_BYTES);
  const text = (await files.readFrom(path, offset, MAX_BYTES)).toString();
  return text === '' ? [] : text.replace(/\n$/, '').split('\n').slice(-maxLines);
}
