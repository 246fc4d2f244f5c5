import { bulk } from './bulk.ts';
import type { DataItem, Generation } from './data.ts';
import type { DataHost } from './listing.ts';
import { treePath } from './manifest.ts';
import { placesOf } from './place.ts';
import { checkDatabase } from './snapshot.ts';

/** See `Data.openDatabases`. Never in the copy itself: to open a database with a log is to write beside it. */
export async function openDatabases(
  { files, commands, sqlite }: DataHost,
  items: readonly DataItem[],
  generation: Generation,
  scratch: string,
): Promise<number> {
  const places = await placesOf(
    files,
    items.filter(({ kind }) => kind === 'database'),
  );
  let opened = 0;
  for (const place of places) {
    const kept = `${treePath(generation, place)}/${place.names?.[0]}`;
    if ((await files.stat(kept)) === undefined) continue;
    await files.removeTree(scratch);
    await files.makeDirectory(scratch, { mode: 0o700 });
    for (const suffix of ['', '-wal']) {
      if ((await files.stat(`${kept}${suffix}`)) === undefined) continue;
      const argv = ['cp', '--reflink=auto', '--', `${kept}${suffix}`, `${scratch}/copy.db${suffix}`] as const;
      await bulk(commands, argv, { background: true });
    }
    await checkDatabase(sqlite, `${scratch}/copy.db`, place.path);
    opened += 1;
  }
  await files.removeTree(scratch);
  return opened;
}
