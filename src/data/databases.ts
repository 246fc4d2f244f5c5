import type { Host } from '../host/host.ts';
import { checkDatabase, type SchemaTable, schemaRows, snapshotDatabase } from './snapshot.ts';
import { writersOf } from './write-lock.ts';

/** The looks at SQLite databases, bound to a host. */
export function databasesOf({ files, sqlite }: Pick<Host, 'files' | 'sqlite'>): {
  snapshot(database: string, copy: string): Promise<void>;
  check(copy: string): Promise<void>;
  schemaRows(copy: string, schema: SchemaTable): Promise<readonly string[]>;
  writers(database: string): Promise<readonly number[]>;
} {
  return {
    snapshot: (database, copy) => snapshotDatabase(sqlite, database, copy),
    check: (copy) => checkDatabase(sqlite, copy, copy),
    schemaRows: (copy, schema) => schemaRows(sqlite, copy, schema),
    writers: (database) => writersOf(files, database),
  };
}
