import type { Sqlite } from '../host/sqlite.ts';
import { checkDatabase, type SchemaTable, schemaRows, snapshotDatabase } from './snapshot.ts';

/** The looks at SQLite databases, bound to a host. */
export function databasesOf(sqlite: Sqlite): {
  snapshot(database: string, copy: string): Promise<void>;
  check(copy: string): Promise<void>;
  schemaRows(copy: string, schema: SchemaTable): Promise<readonly string[]>;
} {
  return {
    snapshot: (database, copy) => snapshotDatabase(sqlite, database, copy),
    check: (copy) => checkDatabase(sqlite, copy, copy),
    schemaRows: (copy, schema) => schemaRows(sqlite, copy, schema),
  };
}
