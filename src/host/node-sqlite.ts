import { constants } from 'node:fs';
import { access, open, stat, unlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import type { Effects } from './effects.ts';
import { errnoOf, naming } from './errno.ts';
import { fileEffect } from './file-effect.ts';
import { SAFELY, syncDirectory, withFile } from './handle.ts';
import { hold } from './hold.ts';
import { loadSqlite } from './load-sqlite.ts';
import type { Sqlite } from './sqlite.ts';
import { sqliteError } from './sqlite-error.ts';
import { toColumn } from './sqlite-value.ts';

/** A server's own write transaction is over by then, or something is wrong with it. */
const BUSY_MS = 5000;
/** All in one step, so in one read transaction: between steps another process may write, and the copy would start anew. */
const EVERY_PAGE = 2 ** 31 - 1;

async function snapshot(from: string, to: string, middle: () => void): Promise<void> {
  const { DatabaseSync, backup } = loadSqlite();
  await access(from, constants.R_OK);
  const handle = await open(to, constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | SAFELY, 0o600);
  await handle.chmod(0o600).finally(() => handle.close());
  let source: DatabaseSync | undefined;
  try {
    // Not to write: as its last user we would checkpoint the product's log and delete it.
    source = new DatabaseSync(from, { readOnly: true, timeout: BUSY_MS });
    await backup(source, to, { rate: EVERY_PAGE });
    middle();
    await withFile(to, constants.O_RDONLY | SAFELY, (copy) => copy.sync());
    await syncDirectory(dirname(to));
  } catch (cause) {
    await unlink(to).catch(() => undefined);
    throw sqliteError(`snapshot ${from}`, from, cause, 'E_FILE');
  } finally {
    source?.close();
  }
}

/** SQLite's own companions of a copy would end up in its list of digests: none is made where no log has to be read. */
function openCopy(path: string, withLog: boolean): DatabaseSync {
  const { DatabaseSync } = loadSqlite();
  if (withLog) return new DatabaseSync(path, { readOnly: true, timeout: 0 });
  const url = pathToFileURL(path);
  url.searchParams.set('immutable', '1');
  return new DatabaseSync(url, { readOnly: true, timeout: 0 });
}

async function hasLog(path: string): Promise<boolean> {
  try {
    return (await stat(`${path}-wal`)).size > 0;
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return false;
    throw cause;
  }
}

async function withCopy<T>(effects: Effects, path: string, act: (database: DatabaseSync) => T): Promise<T> {
  const action = `read the database ${path}`;
  const read = async (withLog: boolean): Promise<T> => {
    let database: DatabaseSync | undefined;
    try {
      database = openCopy(path, withLog);
      return act(database);
    } catch (cause) {
      throw sqliteError(action, path, cause, 'E_SNAPSHOT_INVALID');
    } finally {
      database?.close();
    }
  };
  await naming(action, path, () => access(path, constants.R_OK));
  const withLog = await naming(action, path, () => hasLog(path));
  // Reading a log makes an index of it beside it.
  return withLog ? fileEffect(effects, 'change', action, path, () => read(true)) : read(false);
}

export function nodeSqlite(effects: Effects): Sqlite {
  return {
    snapshot: (from, to) =>
      fileEffect(effects, 'write', `snapshot ${from} to ${to}`, to, (middle) => snapshot(from, to, middle)),
    hold: (database) => fileEffect(effects, 'change', `hold ${database}`, database, () => hold(database)),
    quickCheck: (copy) =>
      withCopy(effects, copy, (database) => {
        const findings = database.prepare('PRAGMA quick_check').all();
        return findings.map((row) => String(row['quick_check'])).filter((finding) => finding !== 'ok');
      }),
    rows: (copy, statement, parameters = []) =>
      withCopy(effects, copy, (database) => {
        const query = database.prepare(statement);
        query.setReadBigInts(true);
        const found = query.all(...parameters);
        return found.map((row) =>
          Object.fromEntries(Object.entries(row).map(([name, value]) => [name, toColumn(value)])),
        );
      }),
  };
}
