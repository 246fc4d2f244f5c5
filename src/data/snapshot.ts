import { RefitError } from '../errors.ts';
import type { Sqlite } from '../host/sqlite.ts';

/** Where a product notes which migrations it has applied, e.g. `schema_migrations.version`. */
export interface SchemaTable {
  readonly table: string;
  readonly column: string;
}

/** Names cannot be bound as parameters, and profiles are written by people. */
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]{0,62}$/;

/**
 * Copies a live database by SQLite's own backup and proves the copy sound: the only look at a live database there is.
 * Rejects with E_SNAPSHOT_INVALID where it is not.
 */
export async function snapshotDatabase(sqlite: Sqlite, database: string, copy: string): Promise<void> {
  await sqlite.snapshot(database, copy);
  await checkDatabase(sqlite, copy, database);
}

/** Rejects with E_SNAPSHOT_INVALID where a copy of ours is not sound; `database` is what it is a copy of. */
export async function checkDatabase(sqlite: Sqlite, copy: string, database: string): Promise<void> {
  const findings = await sqlite.quickCheck(copy);
  if (findings.length === 0) return;
  throw new RefitError(
    'E_SNAPSHOT_INVALID',
    `Cannot rely on the database ${database}: saw ${findings.length} findings of quick_check (${findings[0]}), expected none`,
    { hint: 'Repair or restore the database first; an upgrade would migrate the damage', facts: { path: database } },
  );
}

/**
 * The migrations a database says it has, sorted: of a snapshot, or of a scratch database that a release has just migrated,
 * which is how a release's own schema is learned. Empty where the table does not exist. Only on a copy of ours.
 */
export async function schemaRows(
  sqlite: Sqlite,
  copy: string,
  { table, column }: SchemaTable,
): Promise<readonly string[]> {
  for (const name of [table, column])
    if (!IDENTIFIER.test(name))
      throw new RefitError(
        'E_PROFILE_INVALID',
        `Cannot read the schema of ${copy}: saw the name "${name}", expected letters, digits and _`,
      );
  const known = await sqlite.rows(copy, "SELECT name FROM sqlite_master WHERE type = 'table' AND name = ?", [table]);
  if (known.length === 0) return [];
  const rows = await sqlite.rows(copy, `SELECT "${column}" AS version FROM "${table}" ORDER BY 1`);
  return rows.map((row) => String(row['version']));
}
