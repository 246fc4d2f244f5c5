import type { Files } from '../../host/files.ts';
import type { Facts, PlannedFile } from '../facts.ts';

/** What a run writes below the state directory: what it downloads, and the snapshot of the database that lies there for a while. */
export async function stateBytes(
  files: Pick<Files, 'stat'>,
  { target, files: planned, database }: Pick<Facts, 'target' | 'files' | 'database'>,
  newBytesOf: (file: PlannedFile) => number,
): Promise<number> {
  const archives = target.kind === 'release' ? target.archives : [];
  const downloads = archives.map(({ asset }) => {
    // Where the source does not say: no archive is larger than what is unpacked from it.
    const unpacked = planned.filter(({ archive }) => archive === asset.name).map(newBytesOf);
    return asset.size ?? sum(unpacked);
  });
  // What the log in front of the database holds is in the snapshot too.
  const copied = database === undefined ? [] : [database.path, `${database.path}-wal`];
  const sizes = await Promise.all(copied.map(async (path) => (await files.stat(path))?.size ?? 0));
  return sum(downloads) + sum(sizes);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
