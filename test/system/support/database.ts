import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type Table = readonly Readonly<Record<string, unknown>>[];

export interface Contents {
  /** Rows by table, without those that each boot of the sample adds. */
  readonly tables: Record<string, Table>;
  readonly schema: readonly string[];
}

/** What a database holds, read from a copy of it: nothing may open the live one from outside its host. */
export function readDatabase(path: string): Contents {
  const directory = mkdtempSync(join(tmpdir(), 'refit-dump-'));
  try {
    const copy = join(directory, 'copy.db');
    for (const suffix of ['', '-wal']) if (existsSync(path + suffix)) cpSync(path + suffix, copy + suffix);
    using db = new DatabaseSync(copy);
    const names = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").all();
    const tables = names.map(({ name }) => [
      String(name),
      db
        .prepare(`SELECT * FROM "${String(name)}"`)
        .all()
        .filter((row) => !isOfBoot(row)),
    ]);
    const schema = db.prepare('SELECT version FROM schema_migrations ORDER BY version').all();
    return { tables: Object.fromEntries(tables), schema: schema.map(({ version }) => String(version)) };
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function isOfBoot({ kind, action }: Readonly<Record<string, unknown>>): boolean {
  return kind === 'boot' || action === 'server.boot';
}
