import type { Files } from '../../host/files.ts';

/** A proven archive that is kept, whoever it was fetched for. */
export interface Entry {
  readonly sha256: string;
  readonly path: string;
  readonly bytes: number;
  /** When it was put there, or an installation last took it: either changes the number of its names, and so this time. */
  readonly usedAtMs: number;
}

/** What the cache holds, in byte order. What has another name than a digest is not ours. */
export async function cacheEntries(files: Pick<Files, 'stat' | 'list'>, cache: string): Promise<readonly Entry[]> {
  if ((await files.stat(cache)) === undefined) return [];
  const entries: Entry[] = [];
  for (const name of await files.list(cache)) {
    if (!/^[0-9a-f]{64}$/.test(name)) continue;
    const path = `${cache}/${name}`;
    const stat = await files.stat(path);
    // Nobody holds a lock on the cache: one that was just listed may be gone.
    if (stat?.type !== 'file') continue;
    entries.push({ sha256: name, path, bytes: stat.size, usedAtMs: Number(stat.ctimeNs / 1_000_000n) });
  }
  return entries;
}
