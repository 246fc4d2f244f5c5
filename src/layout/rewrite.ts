import { posix } from 'node:path';
import { dress, type LayoutHost } from './dress.ts';
import type { Rewritten } from './layout.ts';

/** See `Layout.rewrite`. */
export async function rewrite(host: LayoutHost, { path, text, ...owner }: Rewritten, run: string): Promise<void> {
  const { files } = host;
  const directory = posix.dirname(path);
  // Not in the staging folder: that of a neighbour, if there is one, is swept by somebody else.
  const temporary = `${directory}/.refit-${run}.new`;
  // A killed attempt left it.
  await files.remove(temporary);
  if (!(await isSo(host, { path, text, ...owner }))) {
    try {
      await files.writeNew(temporary, text, { mode: 0o600 });
      await dress(host, temporary, path, owner);
      await files.rename(temporary, path);
    } catch (error) {
      await files.remove(temporary).catch(() => undefined);
      throw error;
    }
  }
  await files.sync(directory);
}

async function isSo({ files }: LayoutHost, { path, text, mode, uid, gid }: Rewritten): Promise<boolean> {
  const live = await files.stat(path);
  if (live?.type !== 'file' || live.mode !== mode || live.uid !== uid || live.gid !== gid) return false;
  const bytes = Buffer.from(text);
  return live.size === bytes.length && bytes.equals(await files.read(path, { maxBytes: bytes.length }));
}
