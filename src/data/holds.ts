import type { SqliteHold } from '../host/sqlite.ts';
import type { DataItem } from './data.ts';
import type { DataHost } from './listing.ts';
import { placesOf } from './place.ts';

/** The databases among the data, each kept as it is while its server writes on into its log. */
export interface Holds {
  readonly unheld: readonly string[];
  /** Files that this process may not open: to close one would let go of its database (POSIX locks). No log is among them. */
  readonly locked: ReadonlySet<string>;
  /** Bytes of the logs together, now. */
  walBytes(): Promise<number>;
  release(): Promise<void>;
}

export async function holdAll(host: DataHost, items: readonly DataItem[]): Promise<Holds> {
  const { files, sqlite } = host;
  const [held, unheld, holds]: [string[], string[], SqliteHold[]] = [[], [], []];
  const release = async () => {
    await Promise.all(holds.map((hold) => hold.release()));
  };
  try {
    for (const database of items.filter(({ kind }) => kind === 'database')) {
      const [place] = await placesOf(files, [database]);
      const real = `${place?.directory}/${place?.names?.[0]}`;
      if (held.includes(real) || (await files.stat(real)) === undefined) continue;
      const hold = await sqlite.hold(real);
      if (hold === undefined) unheld.push(database.path);
      else [held.push(real), holds.push(hold)];
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    unheld,
    release,
    locked: new Set(held.flatMap((base) => [base, `${base}-shm`])),
    async walBytes() {
      const logs = await Promise.all(held.map((path) => files.stat(`${path}-wal`)));
      return logs.reduce((sum, log) => sum + (log?.size ?? 0), 0);
    },
  };
}
