import { bulkMoving } from './bulk.ts';
import type { Unfinished } from './changed.ts';
import type { Content } from './content.ts';
import { copyAll } from './copy-all.ts';
import type { DataItem, Generation, HotCopy } from './data.ts';
import { syncNew } from './durable.ts';
import type { Raw } from './entry.ts';
import { finishCopy } from './finish-copy.ts';
import { holdAll } from './holds.ts';
import { hotDigests } from './hot-digests.ts';
import { largeOf, updateMoving } from './large.ts';
import type { DataHost } from './listing.ts';
import { mappedInodes } from './mapped.ts';
import type { Pace } from './pace.ts';
import { refreshOnce } from './refresh.ts';
import { byName, type Memory, remember } from './remember.ts';
import { scan } from './scan.ts';
import { nextTick } from './tick.ts';
import { clearFor, keptSights, liveSights, makeTree, treeOf } from './tree.ts';

const MAX_PASSES = 3;
/** What one pass more would save the window. */
const FEW_BYTES = 4 * 1024 * 1024;

/** See `Data.copyHot`. */
export async function copyHot(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  pace: Pace,
): Promise<HotCopy> {
  const begun = host.clock.monotonic();
  const places = await clearFor(host, items, generation);
  const holds = await holdAll(host, items);
  let isOver = false;
  const abandon = async () => {
    if (isOver) return;
    isOver = true;
    await holds.release();
    await host.files.removeTree(treeOf(generation));
  };
  try {
    const { memories, copied } = await copyMoving(host, { places, generation, holds }, pace);
    await syncNew(host, treeOf(generation), copied.files);
    let work: Unfinished = { places, generation, memories, holds };
    let refreshed = { passes: 0, files: 0, bytes: 0 };
    let last = copied.bytes;
    let isGaining = true;
    const going = async <T>(act: () => Promise<T>): Promise<T> => {
      if (isOver) throw new Error('internal error: a hot copy that has ended cannot go on');
      try {
        return await act();
      } catch (error) {
        await Promise.allSettled([abandon()]);
        throw error;
      }
    };
    return {
      bytes: last,
      files: copied.files,
      walBytes: await holds.walBytes(),
      unheld: holds.unheld,
      ms: host.clock.monotonic() - begun,
      abandon,
      refresh: (most = MAX_PASSES) =>
        going(async () => {
          // A service that writes faster than it is copied is followed no further: each pass would take longer than the last.
          for (let pass = 0; pass < most && isGaining; pass += 1) {
            const { memories, files, bytes } = await refreshOnce(host, work, pace);
            work = { ...work, memories };
            refreshed = {
              passes: refreshed.passes + 1,
              files: refreshed.files + files,
              bytes: refreshed.bytes + bytes,
            };
            isGaining = bytes < last || bytes < FEW_BYTES;
            last = bytes;
            if (bytes < FEW_BYTES) break;
          }
        }),
      finish: () =>
        going(async () => {
          const finished = await finishCopy(host, work);
          isOver = true;
          // It may be a large part of all the memory there is, and somebody may keep what has ended.
          work = { ...work, memories: [] };
          return { ...finished, refreshed };
        }),
    };
  } catch (error) {
    // A full disk must not stay full under a service that runs. The first error is the one that counts.
    await Promise.allSettled([abandon()]);
    throw error;
  }
}

async function copyMoving(
  host: DataHost,
  { places, generation, holds }: Omit<Unfinished, 'memories'>,
  pace: Pace,
): Promise<{ readonly memories: readonly Memory[]; readonly copied: Pick<HotCopy, 'bytes' | 'files'> }> {
  const live = liveSights(places);
  const kept = keptSights(places, generation);
  await makeTree(host, generation);
  const tick = await nextTick(host, generation);
  const before = await scan(host, live, { moving: true });
  // Between the look and the copy: of what was mapped only before, or is only after, `stat` tells the truth.
  const mapped = await mappedInodes(host);
  const [digests, copying] = await Promise.allSettled([
    hotDigests(host, live, holds, pace),
    copyAll(host, live, generation, (argv, options) => bulkMoving(host.commands, argv, { ...pace, ...options })),
  ]);
  if (copying.status === 'rejected') throw copying.reason;
  if (digests.status === 'rejected') throw digests.reason;
  // What was copied goes to the disk meanwhile: the sync at the end then finds little to do.
  const [comparing, syncing] = await Promise.allSettled([
    contentsOfAll(host, { places, generation, holds }, before, digests.value, pace),
    syncNew(
      host,
      treeOf(generation),
      before.reduce((sum, { length }) => sum + length, 0),
    ),
  ]);
  if (comparing.status === 'rejected') throw comparing.reason;
  if (syncing.status === 'rejected') throw syncing.reason;
  const contents = comparing.value;
  const sources = before.map(byName);
  const copied = await scan(host, kept, { known: (place, name) => sources[place]?.get(name) });
  const memories = places.map((_, index) =>
    remember(before[index] ?? [], copied[index] ?? [], contents[index] ?? new Map(), { tick, mapped }),
  );
  const bytes = copied.reduce((sum, entries) => entries.reduce((all, { size }) => all + size, sum), 0);
  return { memories, copied: { bytes, files: copied.reduce((sum, { length }) => sum + length, 0) } };
}

/** For each place what is known of its files by name; the large ones are compared with their copies for it. */
async function contentsOfAll(
  host: DataHost,
  { places, generation, holds }: Omit<Unfinished, 'memories'>,
  before: readonly (readonly Raw[])[],
  digests: readonly ReadonlyMap<string, string>[],
  pace: Pace,
): Promise<readonly ReadonlyMap<string, Content>[]> {
  const kept = keptSights(places, generation);
  const contents = places.map(() => new Map<string, Content>());
  for (const [index, { directory }] of places.entries()) {
    for (const entry of before[index] ?? []) {
      const large = largeOf(entry, directory, kept[index]?.at ?? '', holds);
      const sha256 = digests[index]?.get(entry.name);
      if (large !== undefined) {
        const { digests: blocks } = await updateMoving(host, large, undefined, pace);
        if (blocks !== undefined) contents[index]?.set(entry.name, { blocks });
      } else if (sha256 !== undefined) contents[index]?.set(entry.name, { sha256 });
    }
  }
  return contents;
}
