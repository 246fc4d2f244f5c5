import { applyChanges } from './apply-changes.ts';
import { type Changes, changesOf } from './changes.ts';
import type { Finished, Generation } from './data.ts';
import type { Raw } from './entry.ts';
import type { Holds } from './holds.ts';
import type { DataHost } from './listing.ts';
import { refuseMounts } from './mounts.ts';
import { type Place, refuseKinds } from './place.ts';
import type { Memory } from './remember.ts';
import { scan } from './scan.ts';
import { liveSights, seal } from './tree.ts';

export interface Unfinished {
  readonly places: readonly Place[];
  readonly generation: Generation;
  /** One for each place. */
  readonly memories: readonly Memory[];
  readonly holds: Holds;
}

/** See `HotCopy.finish`. */
export async function finishCopy(
  host: DataHost,
  { places, generation, memories, holds }: Unfinished,
): Promise<Finished> {
  const begun = host.clock.monotonic();
  await refuseKinds(host.files, places);
  await refuseMounts(host.files, places);
  const now = await scan(host, liveSights(places));
  const changes = places.map((_, index) => changesOf(memories[index] ?? new Map(), now[index] ?? []));
  const digests = await applyChanges(host, places, generation, changes);
  // Only now: the last user of a database who may write, and it need not be a server, would delete the log.
  await holds.release();
  const source = now.map((entries, index) => withDigests(entries, memories[index], digests[index]));
  const copied = await seal(host, generation, places, source);
  const again = { bytes: sum(changes), files: changes.flatMap(({ copy }) => copy).length };
  return { ...copied, again, ms: host.clock.monotonic() - begun };
}

function withDigests(
  entries: readonly Raw[],
  memory: Memory | undefined,
  fresh: ReadonlyMap<string, string> | undefined,
): readonly Raw[] {
  return entries.map((entry) => {
    const sha256 = fresh?.get(entry.name) ?? memory?.get(entry.name)?.sha256;
    return entry.type === 'file' && sha256 !== undefined ? { ...entry, sha256 } : entry;
  });
}

function sum(changes: readonly Changes[]): number {
  return changes.flatMap(({ copy }) => copy).reduce((total, { size }) => total + size, 0);
}
