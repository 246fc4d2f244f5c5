import { bulkMoving } from './bulk.ts';
import { copyAll } from './copy-all.ts';
import type { DataItem, Generation, HotCopy } from './data.ts';
import { syncNew } from './durable.ts';
import type { Raw } from './entry.ts';
import { finishCopy } from './finish-copy.ts';
import { holdAll } from './holds.ts';
import { hotDigests } from './hot-digests.ts';
import type { DataHost } from './listing.ts';
import { mappedInodes } from './mapped.ts';
import { escapeName } from './names.ts';
import type { Place } from './place.ts';
import { decimalOf, type Memory, remember } from './remember.ts';
import { scan } from './scan.ts';
import { clearFor, keptSights, liveSights, makeTree, treeOf } from './tree.ts';

/** Longer than a tick of any kernel (10 ms at most), and of an ext4 without room for nanoseconds (1 s). */
const FINE_TICKS_MS = 50;
const COARSE_TICKS_MS = 2100;

/** See `Data.copyHot`. */
export async function copyHot(
  host: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  background: boolean,
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
    const { memories, copied } = await copyMoving(host, places, generation, background);
    const all = copied.flat();
    await syncNew(host, treeOf(generation), all.length);
    return {
      bytes: all.reduce((sum, { size }) => sum + size, 0),
      files: all.length,
      walBytes: await holds.walBytes(),
      unheld: holds.unheld,
      ms: host.clock.monotonic() - begun,
      abandon,
      async finish() {
        if (isOver) throw new Error('internal error: a hot copy that has ended cannot be finished');
        try {
          const finished = await finishCopy(host, { places, generation, memories, holds });
          isOver = true;
          return finished;
        } catch (error) {
          await Promise.allSettled([abandon()]);
          throw error;
        }
      },
    };
  } catch (error) {
    // A full disk must not stay full under a service that runs. The first error is the one that counts.
    await Promise.allSettled([abandon()]);
    throw error;
  }
}

async function copyMoving(
  host: DataHost,
  places: readonly Place[],
  generation: Generation,
  background: boolean,
): Promise<{ readonly memories: readonly Memory[]; readonly copied: readonly (readonly Raw[])[] }> {
  const live = liveSights(places);
  await makeTree(host, generation);
  const tick = await nextTick(host, generation);
  const before = await scan(host, live, true);
  // Between the look and the copy: of what was mapped only before, or is only after, `stat` tells the truth.
  const mapped = await mappedInodes(host);
  const [digests, copying] = await Promise.allSettled([
    hotDigests(host, live, background),
    copyAll(host, live, generation, (argv, cwd) => bulkMoving(host.commands, argv, { background, ...cwd })),
  ]);
  if (copying.status === 'rejected') throw copying.reason;
  if (digests.status === 'rejected') throw digests.reason;
  const copied = await scan(host, keptSights(places, generation));
  const memories = places.map((place, index) => {
    const prefix = `${escapeName(place.directory)}/`;
    const sums = new Map<string, string>();
    for (const { name } of before[index] ?? []) {
      const sha256 = digests.value.get(prefix + name);
      if (sha256 !== undefined) sums.set(name, sha256);
    }
    return remember(before[index] ?? [], copied[index] ?? [], sums, { tick, mapped });
  });
  return { memories, copied };
}

/**
 * The time by the file system's own clock, and a moment later: what changed before it cannot change again and keep its ctime.
 */
async function nextTick({ files, clock }: DataHost, generation: Generation): Promise<string> {
  const ctime = (await files.stat(treeOf(generation)))?.ctimeNs ?? 0n;
  await clock.sleep(ctime % 1_000_000_000n === 0n ? COARSE_TICKS_MS : FINE_TICKS_MS);
  return decimalOf(ctime);
}
