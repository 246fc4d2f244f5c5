import type { DataHost } from './listing.ts';

/** On ext4 each fsync of a new file is a journal commit: 1,000 of them took 0.3 to 0.4 s, syncfs 0.02 s. */
const MANY = 64;

/**
 * Brings a new tree to the disk. A few files one by one, as syncfs also waits for whatever else is written to that file system;
 * many by syncfs, which reports failed writes since Linux 5.8.
 */
export async function syncNew({ files, commands }: DataHost, tree: string, entries: number): Promise<void> {
  if (entries <= MANY) await files.syncTree(tree);
  else await commands.must(['sync', '--file-system', tree], { timeoutMs: 60 * 60 * 1000 });
}
