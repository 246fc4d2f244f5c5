import { RefitError } from '../errors.ts';
import { bulk, bulkMoving } from './bulk.ts';
import { type Changed, changedOf, contentsOf, isInBlocks, type Unfinished } from './changed.ts';
import { type Changes, changesOf, isAny } from './changes.ts';
import { type Content, contentOfBlocks } from './content.ts';
import { copyAgain, dressFiles, dressOf, renewNames, syncAgain } from './copy-again.ts';
import type { StartCopy } from './copy-all.ts';
import { dressDirectories } from './dress-directories.ts';
import { movingDigestsOf, pathOf } from './hot-digests.ts';
import { updateMoving } from './large.ts';
import type { DataHost } from './listing.ts';
import { forMany, inputOf } from './many.ts';
import { mappedInodes } from './mapped.ts';
import type { Pace } from './pace.ts';
import { byName, type Memory, rememberAgain, seenIn } from './remember.ts';
import { scan } from './scan.ts';
import { nextTick } from './tick.ts';
import { keptSights, liveSights, treeOf } from './tree.ts';

export interface Refreshed {
  readonly memories: readonly Memory[];
  readonly files: number;
  /** Of files copied whole their lengths, of large ones what differed. */
  readonly bytes: number;
}

/** See `HotCopy.refresh`: one pass. Of a held database its base has not changed, and its log is a file like others. */
export async function refreshOnce(host: DataHost, work: Unfinished, pace: Pace): Promise<Refreshed> {
  const { places, generation, memories } = work;
  const live = liveSights(places);
  const tick = await nextTick(host, generation);
  const before = await scan(host, live, { moving: true, known: seenIn(memories) });
  const changes = memories.map((memory, index) => changesOf(memory, before[index] ?? []));
  // Of what has not changed nothing is learned by looking again.
  if (!changes.some(isAny)) return { memories, files: 0, bytes: 0 };
  const mapped = await mappedInodes(host);
  const { contents, undressed, bytes } = await copyMovingAgain(host, work, changes, pace);
  const fresh = before.map(byName);
  const after = await scan(host, live, { moving: true, known: (place, name) => fresh[place]?.get(name) });
  const again = memories.map((memory, index) =>
    rememberAgain(memory, before[index] ?? [], after[index] ?? [], contents[index] ?? new Map(), {
      tick,
      mapped,
      undressed,
    }),
  );
  await forget(host, work, changes, again);
  return { memories: again, files: changes.reduce((sum, { copy }) => sum + copy.length, 0), bytes };
}

interface Again {
  readonly contents: readonly ReadonlyMap<string, Content>[];
  readonly undressed: boolean;
  readonly bytes: number;
}

async function copyMovingAgain(
  host: DataHost,
  work: Unfinished,
  changes: readonly Changes[],
  pace: Pace,
): Promise<Again> {
  const { places, generation } = work;
  const start: StartCopy = (argv, options) => bulkMoving(host.commands, argv, { ...pace, ...options });
  const names = await renewNames(host, work, changes);
  const changed = changedOf(work, changes);
  const inBlocks = changed.filter(isInBlocks);
  const whole = changed.filter((each) => !isInBlocks(each));
  const hashed = whole.filter(({ entry, large }) => entry.type === 'file' && large === undefined);
  const [sums] = await Promise.all([movingDigestsOf(host, hashed, pace), copyAgain(generation, whole, start)]);
  const known: [Changed, Content][] = whole.map((each) => [each, {}]);
  for (const each of hashed) {
    const sha256 = sums.get(pathOf(each));
    if (sha256 !== undefined) known.push([each, { sha256 }]);
  }
  let bytes = whole.reduce((sum, { entry }) => sum + entry.size, 0);
  for (const each of changed) {
    if (each.large === undefined) continue;
    const { digests, written } = await updateMoving(host, each.large, each.known, pace);
    known.push([each, contentOfBlocks(digests)]);
    bytes += written;
  }
  await dressFiles(generation, inBlocks, start);
  const undressed = !(await dressMoving(host, work, changes));
  await syncAgain(host, work, changes, names);
  const contents = contentsOf(places, known);
  for (const [index, { dress }] of changes.entries()) for (const name of dress) contents[index]?.set(name, {});
  return { contents, undressed, bytes };
}

/** Whether every directory was there to be dressed. */
async function dressMoving(host: DataHost, work: Unfinished, changes: readonly Changes[]): Promise<boolean> {
  try {
    await dressDirectories(host, treeOf(work.generation), dressOf(work, changes));
    return true;
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_COMMAND_FAILED') return false;
    throw error;
  }
}

/** Takes out of the copy again what is no longer remembered of it. */
async function forget(
  { commands }: DataHost,
  { places, generation }: Unfinished,
  changes: readonly Changes[],
  memories: readonly Memory[],
): Promise<void> {
  const kept = keptSights(places, generation);
  const names = changes.flatMap(({ copy }, index) =>
    copy
      .filter(({ name }) => memories[index]?.has(name) === false)
      .map(({ name }) => ({ at: kept[index]?.at ?? '', name })),
  );
  if (names.length > 0) await bulk(commands, forMany(['rm', '-rf', '--']), { input: inputOf(names) });
}
