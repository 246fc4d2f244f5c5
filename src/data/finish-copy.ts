import { applyChanges } from './apply-changes.ts';
import type { Unfinished } from './changed.ts';
import { changesOf } from './changes.ts';
import { type Content, withContent } from './content.ts';
import type { Finished } from './data.ts';
import type { Raw } from './entry.ts';
import type { DataHost } from './listing.ts';
import { refuseMounts } from './mounts.ts';
import { refuseKinds } from './place.ts';
import type { Memory } from './remember.ts';
import { scan } from './scan.ts';
import { liveSights, seal } from './tree.ts';

/** See `HotCopy.finish`. */
export async function finishCopy(host: DataHost, work: Unfinished): Promise<Omit<Finished, 'refreshed'>> {
  const { places, generation, memories, holds } = work;
  const begun = host.clock.monotonic();
  await refuseKinds(host.files, places);
  await refuseMounts(host.files, places);
  const now = await scan(host, liveSights(places));
  const changes = places.map((_, index) => changesOf(memories[index] ?? new Map(), now[index] ?? []));
  const { contents, bytes } = await applyChanges(host, work, changes);
  // Only now: the last user of a database who may write, and it need not be a server, would delete the log.
  await holds.release();
  const source = now.map((entries, index) => withContents(entries, memories[index], contents[index]));
  const copied = await seal(host, generation, places, source);
  const again = { bytes, files: changes.flatMap(({ copy }) => copy).length };
  return { ...copied, again, ms: host.clock.monotonic() - begun };
}

function withContents(
  entries: readonly Raw[],
  memory: Memory | undefined,
  fresh: ReadonlyMap<string, Content> | undefined,
): readonly Raw[] {
  return entries.map((entry) => {
    const content = fresh?.get(entry.name) ?? memory?.get(entry.name);
    return entry.type === 'file' && content !== undefined ? withContent(entry, content) : entry;
  });
}
