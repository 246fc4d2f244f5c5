import type { BlocksUpdated } from '../host/files.ts';
import { digestsOf, refuseChanged } from './at-rest.ts';
import { bulk } from './bulk.ts';
import { type Changed, changedOf, contentsOf, type InBlocks, isInBlocks, type Unfinished } from './changed.ts';
import type { Changes } from './changes.ts';
import { type Content, contentOfBlocks } from './content.ts';
import { copyAgain, dressFiles, dressOf, renewNames, syncAgain } from './copy-again.ts';
import type { StartCopy } from './copy-all.ts';
import { dressDirectories } from './dress-directories.ts';
import type { DataHost } from './listing.ts';
import { treeOf } from './tree.ts';

export interface Applied {
  /** For each place, what is now known of the files it copied, by name. */
  readonly contents: readonly ReadonlyMap<string, Content>[];
  /** Of files copied whole their lengths, of large ones what differed. */
  readonly bytes: number;
}

/** Brings the copy of data at rest up to date and to the disk. */
export async function applyChanges(host: DataHost, work: Unfinished, changes: readonly Changes[]): Promise<Applied> {
  const { places, generation } = work;
  const start: StartCopy = (argv, options) => bulk(host.commands, argv, options);
  const names = await renewNames(host, work, changes);
  const changed = changedOf(work, changes);
  const inBlocks = changed.filter(isInBlocks);
  const whole = changed.filter((each) => !isInBlocks(each));
  const files = whole.filter(({ entry }) => entry.type === 'file');
  const [sums, updates] = await Promise.all([
    digestsOf(host, files),
    updateAll(host, inBlocks),
    copyAgain(generation, whole, start),
  ]);
  await dressFiles(generation, inBlocks, start);
  await refuseChanged(host, changed);
  await dressDirectories(host, treeOf(generation), dressOf(work, changes));
  await syncAgain(host, work, changes, names);
  const contents = contentsOf(places, [
    ...files.map((each, index): [Changed, Content] => [each, { sha256: sums[index] ?? '' }]),
    ...inBlocks.map((each, index): [Changed, Content] => [each, contentOfBlocks(updates[index]?.digests)]),
  ]);
  const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
  return { contents, bytes: updates.reduce((sum, { written }) => sum + written, bytes) };
}

/** One after the other: each keeps all processors busy, and has buffers of its own. */
async function updateAll({ files }: DataHost, changed: readonly InBlocks[]): Promise<readonly BlocksUpdated[]> {
  const updates: BlocksUpdated[] = [];
  for (const { large, known } of changed) updates.push(await files.updateBlocks(large.from, large.to, { known }));
  return updates;
}
