import type { Generation } from './data.ts';
import type { DataHost } from './listing.ts';
import { decimalOf } from './time.ts';
import { treeOf } from './tree.ts';

/** Longer than a tick of any kernel (10 ms at most), and of an ext4 without room for nanoseconds (1 s). */
const FINE_TICKS_MS = 50;
const COARSE_TICKS_MS = 2100;

/**
 * The time by the file system's own clock, and a moment later: what changed before it cannot change again and keep its ctime.
 */
export async function nextTick({ files, clock }: DataHost, generation: Generation): Promise<string> {
  const mark = `${treeOf(generation)}/.refit-tick`;
  await files.makeDirectory(mark, { mode: 0o700 });
  const ctime = (await files.stat(mark))?.ctimeNs ?? 0n;
  await files.remove(mark);
  await clock.sleep(ctime % 1_000_000_000n === 0n ? COARSE_TICKS_MS : FINE_TICKS_MS);
  return decimalOf(ctime);
}

/** The same for data at rest, without the wait: some time before now, that of the last change in the copy's own folder. */
export async function lastTick({ files }: DataHost, generation: Generation): Promise<string> {
  return decimalOf((await files.stat(treeOf(generation)))?.ctimeNs ?? 0n);
}
