import { dirname } from 'node:path';
import { RefitError } from '../../errors.ts';
import type { Host } from '../../host/host.ts';

/**
 * Puts the archive of that digest at `to`, if the cache has it whole: a second name for the same bytes, which are read and
 * compared, and proven again like any download. `damaged`: it was not whole, and is gone.
 */
export async function takeFromCache(
  { files }: Pick<Host, 'files'>,
  cache: string,
  sha256: string,
  to: string,
): Promise<'taken' | 'absent' | 'damaged'> {
  const entry = `${cache}/${sha256}`;
  if ((await files.stat(entry))?.type !== 'file' || (await files.stat(to)) !== undefined) return 'absent';
  try {
    await files.link(entry, to);
  } catch (error) {
    // Pruned since, or on another file system: then it is fetched. A disk that fails is met again, and named, by the fetch.
    if (error instanceof RefitError) return 'absent';
    throw error;
  }
  // Under its own name: the one in the cache may be another's by now.
  if ((await files.digest(to)).sha256 === sha256) {
    // Its record says that it is there.
    await files.sync(dirname(to));
    return 'taken';
  }
  const [own, cached] = [await files.stat(to), await files.stat(entry)];
  await files.remove(to);
  if (own?.inode === cached?.inode) await files.remove(entry);
  return 'damaged';
}
