import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Slot } from './slot.ts';

interface Seen {
  readonly integrity: string;
  readonly schema: readonly string[];
  /** Every row that a person or the server wrote, as JSON. */
  readonly rows: readonly string[];
  readonly widths: Widths;
}

/** How many columns a table has. A migration may name them otherwise or add some: what was in the others stays. */
type Widths = Readonly<Record<string, number>>;

/** Tables whose rows nobody changes in a trial; those may only grow. */
const TABLES = ['users', 'api_tokens', 'agents', 'visits'];

function look(file: string, widths: Widths = {}): Seen {
  const db = new DatabaseSync(file, { readOnly: true, timeout: 5_000 });
  try {
    const all = (sql: string) => db.prepare(sql).all();
    const valuesOf = (table: string) => all(`SELECT * FROM ${table}`).map((row) => Object.values(row));
    return {
      integrity: String(all('PRAGMA integrity_check')[0]?.['integrity_check']),
      schema: all('SELECT version FROM schema_migrations ORDER BY version').map((row) => String(row['version'])),
      rows: TABLES.flatMap((table) =>
        valuesOf(table).map((values) => `${table} ${JSON.stringify(values.slice(0, widths[table]))}`),
      ),
      widths: Object.fromEntries(TABLES.map((table) => [table, all(`PRAGMA table_info(${table})`).length])),
    };
  } finally {
    db.close();
  }
}

const originals = new WeakMap<Slot, Seen>();

/** The database is sound, has the schema of that version, and no row is lost. */
export function databaseProblems(slot: Slot, version: string): readonly string[] {
  const { installed, prefix, template, scene } = slot;
  const known = originals.get(slot) ?? look(path.join(template, path.relative(prefix, installed.database)));
  originals.set(slot, known);
  try {
    const { integrity, schema, rows } = look(installed.database, known.widths);
    const expected = scene.schemas.get(version) ?? [];
    const has = new Set(rows);
    return [
      ...(integrity === 'ok' ? [] : [`the database is damaged: ${integrity}`]),
      ...expected.filter((name) => !schema.includes(name)).map((name) => `${version} needs ${name} in the database`),
      ...schema
        .filter((name) => !expected.includes(name))
        .map((name) => `${version} does not know ${name}, which the database has`),
      ...known.rows.filter((row) => !has.has(row)).map((row) => `the row ${row} is lost`),
    ];
  } catch (error) {
    return [`the database cannot be read: ${error instanceof Error ? error.message : error}`];
  }
}
