import { posix } from 'node:path';
import type { DataHost } from './listing.ts';
import type { At } from './many.ts';
import { unescapeName } from './names.ts';

/** On ext4 each fsync of a new file is a journal commit: 1,000 of them took 0.3 to 0.4 s, syncfs 0.02 s. */
const MANY = 64;

/**
 * Brings a new tree to the disk. A few files one by one, as syncfs also waits for whatever else is written to that file system;
 * many by syncfs, which reports failed writes since Linux 5.8.
 */
export async function syncNew({ files, commands }: DataHost, tree: string, entries: number): Promise<void> {
  if (entries <= MANY) await files.syncTree(tree);
  else await syncAll(commands, tree);
}

/** The same for files and directories that are new in a tree that was synced before; `moved`: names made or removed beside them. */
export async function syncChanged(
  { files, commands }: DataHost,
  tree: string,
  written: readonly At[],
  moved: readonly At[],
): Promise<void> {
  if (written.length + moved.length === 0) return;
  const paths = written.map(({ at, name }) => ({ at, name: unescapeName(name) }));
  const known = paths.flatMap(({ at, name }) => (name === undefined ? [] : [`${at}/${name}`]));
  if (moved.length > 0 || known.length < written.length || known.length > MANY) return syncAll(commands, tree);
  const all = new Set([...known, ...known.map((path) => posix.dirname(path))]);
  // Together: the journal of the file system commits them at once.
  await Promise.all([...all].map((path) => files.sync(path)));
}

async function syncAll(commands: DataHost['commands'], tree: string): Promise<void> {
  await commands.must(['sync', '--file-system', tree], { timeoutMs: 60 * 60 * 1000 });
}
