import type { Workshop } from '../workshop.ts';
import { type Cached, listCache } from './list.ts';

/** Which archives go. Neither: all that nothing holds. */
export interface CachePruneWish {
  /** Those that were last used before. */
  readonly olderThanMs?: number | undefined;
  /** The longest unused, until no more than that is left, held ones included. */
  readonly maxBytes?: number | undefined;
}

/** As long as an archive of the data is kept at least. */
export const UNUSED_MS = 30 * 86_400_000;

/** What would go: never what is live, what a rollback goes back to, or what an open run is about. */
export async function planCachePrune(
  workshop: Pick<Workshop, 'host' | 'stateDirectory'>,
  { olderThanMs, maxBytes }: CachePruneWish,
): Promise<readonly Cached[]> {
  const all = await listCache(workshop);
  const now = workshop.host.clock.now().getTime();
  let left = all.reduce((sum, { bytes }) => sum + bytes, 0);
  const isAll = olderThanMs === undefined && maxBytes === undefined;
  const doomed: Cached[] = [];
  for (const entry of all.toReversed()) {
    if (entry.heldBy.length > 0) continue;
    const isOld = olderThanMs !== undefined && now - entry.usedAtMs > olderThanMs;
    const isTooMuch = maxBytes !== undefined && left > maxBytes;
    if (!isAll && !isOld && !isTooMuch) continue;
    doomed.push(entry);
    left -= entry.bytes;
  }
  return doomed;
}

/**
 * Removes them. No lock: a run that has one of them in use has a name of its own for it, and one that comes for it a moment too
 * late fetches it.
 */
export async function pruneCache(
  { host: { files } }: Pick<Workshop, 'host'>,
  doomed: readonly Pick<Cached, 'path'>[],
): Promise<void> {
  for (const { path } of doomed) await files.remove(path);
}
