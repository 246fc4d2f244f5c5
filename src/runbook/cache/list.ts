import { cachePath } from '../store/paths.ts';
import type { Workshop } from '../workshop.ts';
import { cacheEntries, type Entry } from './entries.ts';
import { type Known, knownDigests } from './holds.ts';

/** An archive in the cache, with what the journals say of it. */
export interface Cached extends Entry, Known {}

/** The archives that this host keeps, the one used last first. Changes nothing. */
export async function listCache(workshop: Pick<Workshop, 'host' | 'stateDirectory'>): Promise<readonly Cached[]> {
  // The entries first: a run that begins in between holds more, never less.
  const entries = await cacheEntries(workshop.host.files, cachePath(workshop.stateDirectory));
  const known = entries.length === 0 ? new Map<string, Known>() : await knownDigests(workshop);
  return entries
    .map((entry) => ({ ...entry, ...(known.get(entry.sha256) ?? { from: [], heldBy: [] }) }))
    .toSorted((a, b) => b.usedAtMs - a.usedAtMs || (a.sha256 < b.sha256 ? -1 : 1));
}
