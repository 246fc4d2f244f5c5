import type { DatabaseFacts } from './facts.ts';

/** Looks at SQLite databases; main.ts fills it in from the data room. */
export interface Databases {
  /** A proven copy of a live database. Rejects with E_SNAPSHOT_INVALID where it is not sound. */
  snapshot(database: string, copy: string): Promise<void>;
  /** Rejects with E_SNAPSHOT_INVALID where a copy of ours is not sound. */
  check(copy: string): Promise<void>;
  /** The applied migrations of a copy of ours, sorted. */
  schemaRows(copy: string, schema: Pick<DatabaseFacts, 'table' | 'column'>): Promise<readonly string[]>;
  /** Processes that hold the write lock of a live database just now. Only looks. */
  writers(database: string): Promise<readonly number[]>;
}
