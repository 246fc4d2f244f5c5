import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import type { DatabaseSync } from 'node:sqlite';
import { RefitError } from '../errors.ts';
import type { Effects } from './effects.ts';
import { fileEffect } from './file-effect.ts';
import type { Files } from './files.ts';
import { findLockingPid } from './kernel-locks.ts';
import { loadSqlite } from './load-sqlite.ts';
import type { Lock } from './lock.ts';
import { identify, type LockFileId, prepareLockFile } from './lock-file.ts';
import { holderPath, lockedError, readHolder } from './lock-holder.ts';
import { nodeClock } from './node-clock.ts';
import { isBusy, sqliteError } from './sqlite-error.ts';

/** Somebody who asks for the holder has a read lock for a moment; a real holder is still there after a quarter of a second. */
const ATTEMPTS = 10;
const PAUSE_MS = 25;

const keyOf = ({ device, inode }: LockFileId): string => `${device}:${inode}`;

/** `undefined` if another process has it. */
function takeOnce(path: string): DatabaseSync | undefined {
  const { DatabaseSync } = loadSqlite();
  const database = new DatabaseSync(path, { timeout: 0 });
  try {
    // Or it wants to create a journal, which a full disk refuses.
    database.exec('PRAGMA journal_mode=MEMORY');
    database.exec('BEGIN EXCLUSIVE');
    // On a file that cannot be written SQLite begins a read transaction instead, locks nothing and says nothing.
    // This write stays in memory, but is refused there.
    database.exec('PRAGMA user_version=1');
    return database;
  } catch (cause) {
    database.close();
    if (isBusy(cause)) return undefined;
    throw sqliteError(`lock ${path}`, path, cause, 'E_FILE');
  }
}

/** Whether a lock is on it, by asking for a read lock. False where we may not open it. */
function isHeldBySqlite(path: string): boolean {
  const { DatabaseSync } = loadSqlite();
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0, readOnly: true });
    database.exec('SELECT count(*) FROM sqlite_schema');
    return false;
  } catch (cause) {
    return isBusy(cause);
  } finally {
    database?.close();
  }
}

export function nodeLock(effects: Effects, files: Files): Lock {
  /** Ours, by device and inode: two paths may lead to one file. Such a file is never opened again while it is in here. */
  const held = new Map<string, DatabaseSync>();

  /** The key in `held`, or `undefined` if another process has it. */
  async function take(path: string): Promise<string | undefined> {
    const key = keyOf(await prepareLockFile(path));
    await access(path, constants.R_OK | constants.W_OK);
    for (let attempt = 1; ; attempt += 1) {
      const database = takeOnce(path);
      if (database !== undefined) {
        held.set(key, database);
        return key;
      }
      if (attempt === ATTEMPTS) return undefined;
      await nodeClock.sleep(PAUSE_MS);
    }
  }

  async function release(path: string, key: string): Promise<void> {
    const database = held.get(key);
    if (database === undefined) return;
    // First what we wrote about us: after the release it is the next holder's.
    await ignoringCoded(() => files.remove(holderPath(path)));
    await fileEffect(effects, 'change', `unlock ${path}`, path, async () => {
      held.delete(key);
      database.exec('ROLLBACK');
      database.close();
    });
  }

  return {
    async acquire(path, holder) {
      const known = await identify(path);
      if (known !== undefined && held.has(keyOf(known))) throw lockedError(path, await readHolder(files, path));
      const key = await fileEffect(effects, 'change', `lock ${path}`, path, () => take(path));
      if (key === undefined) throw lockedError(path, await readHolder(files, path));
      // For people only; on a full disk the lock holds without it.
      await ignoringCoded(() =>
        files.writeAtomic(holderPath(path), `${JSON.stringify(holder, null, 2)}\n`, { mode: 0o644 }),
      );
      return { [Symbol.asyncDispose]: () => release(path, key) };
    },
    async holder(path) {
      const file = await identify(path);
      if (file === undefined) return { held: false, holder: undefined };
      const holder = await readHolder(files, path);
      const isLocked = (await findLockingPid(file, holder?.pid)) !== undefined;
      return { held: isLocked || held.has(keyOf(file)) || isHeldBySqlite(path), holder };
    },
  };
}

async function ignoringCoded(act: () => Promise<void>): Promise<void> {
  try {
    await act();
  } catch (cause) {
    if (!(cause instanceof RefitError)) throw cause;
  }
}
