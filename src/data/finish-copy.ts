import { applyChanges } from './apply-changes.ts';
import type { Unfinished } from './changed.ts';
import { changesOf } from './changes.ts';
import { digestsOf } from './content.ts';
import type { Finished } from './data.ts';
import { entriesOf } from './entry.ts';
import type { DataHost } from './listing.ts';
import { refuseMounts } from './mounts.ts';
import { refuseKinds } from './place.ts';
import { seenIn } from './remember.ts';
import { scan } from './scan.ts';
import { lastTick } from './tick.ts';
import { liveSights, seal } from './tree.ts';

/** See `HotCopy.finish`. */
export async function finishCopy(host: DataHost, work: Unfinished): Promise<Omit<Finished, 'refreshed'>> {
  const { places, generation, memories, holds } = work;
  const begun = host.clock.monotonic();
  await refuseKinds(host.files, places);
  await refuseMounts(host.files, places);
  const tick = await lastTick(host, generation);
  const now = await scan(host, liveSights(places), { known: seenIn(memories) });
  const changes = places.map((_, index) => changesOf(memories[index] ?? new Map(), now[index] ?? []));
  const { contents, bytes } = await applyChanges(host, work, changes);
  // Only now: the last user of a database who may write, and it need not be a server, would delete the log.
  await holds.release();
  const listed = places.map((place, index) => {
    const [fresh, memory] = [contents[index], memories[index]];
    const raw = now[index] ?? [];
    const known = (name: string) => fresh?.get(name) ?? memory?.get(name) ?? {};
    return { place, raw, entries: entriesOf(raw, ({ name }) => digestsOf(known(name))) };
  });
  const copied = await seal(host, generation, listed);
  const again = { bytes, files: changes.reduce((sum, { copy }) => sum + copy.length, 0) };
  return { ...copied, tick, again, ms: host.clock.monotonic() - begun };
}
