import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { loadSqlite } from './load-sqlite.ts';
import type { SqliteHold } from './sqlite.ts';
import { isBusy, sqliteError } from './sqlite-error.ts';

/** We ask between two transactions of a server; who locks for longer does so for good. */
const BUSY_MS = 1000;

/** See `Sqlite.hold`. */
export async function hold(database: string): Promise<SqliteHold | undefined> {
  await access(database, constants.R_OK);
  const { DatabaseSync } = loadSqlite();
  let reader: DatabaseSync | undefined;
  try {
    // Not to write: as its last user we would checkpoint the log of a stopped server and delete it.
    reader = new DatabaseSync(database, { readOnly: true, timeout: BUSY_MS });
    if (begin(reader, database)) return holdOf(reader);
    reader.close();
    return undefined;
  } catch (cause) {
    reader?.close();
    if (isBusy(cause)) return undefined;
    throw sqliteError(`hold the database ${database}`, database, cause, 'E_FILE');
  }
}

/** Whether the read transaction runs: only in WAL mode is there anything it keeps. */
function begin(reader: DatabaseSync, database: string): boolean {
  const [mode] = reader.prepare('PRAGMA journal_mode').all();
  if (mode?.['journal_mode'] !== 'wal') return false;
  const url = pathToFileURL(database);
  url.searchParams.set('mode', 'rw');
  const { DatabaseSync } = loadSqlite();
  const writer = new DatabaseSync(url, { timeout: 0 });
  try {
    checkpoint(writer);
    // BEGIN alone reads nothing, so it holds nothing.
    reader.exec('BEGIN');
    reader.prepare('SELECT 1 FROM sqlite_master LIMIT 1').all();
    // What was written between the two lies before the reader's mark: a server's checkpoint would still carry it over.
    checkpoint(writer);
    return true;
  } finally {
    // SQLite keeps the file open for the reader's sake; only a close that it does not know of would drop the locks.
    writer.close();
  }
}

/** Waits for nobody, and nobody waits for it. A stranger who checkpoints just now does the same work. */
function checkpoint(writer: DatabaseSync): void {
  try {
    writer.exec('PRAGMA wal_checkpoint(PASSIVE)');
  } catch (cause) {
    if (!isBusy(cause)) throw cause;
  }
}

function holdOf(reader: DatabaseSync): SqliteHold {
  return {
    async release() {
      if (reader.isOpen) reader.close();
    },
  };
}
