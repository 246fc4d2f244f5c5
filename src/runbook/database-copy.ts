import { RefitError } from '../errors.ts';
import type { Sqlite } from '../host/sqlite.ts';
import type { Workshop } from './workshop.ts';

type Host = Workshop['host'];

/** A copy made while the service writes may be torn: so often it is made anew. */
const ATTEMPTS = 3;
const COPY_TIMEOUT_MS = 10 * 60_000;
const MAX_IN_MEMORY = 256 * 2 ** 20;

/** Rows of one statement on the copy. A table or column that an older release does not have means that there are none. */
export type Ask = (statement: string) => ReturnType<Sqlite['rows']>;

/**
 * Asks a copy that a child made of a database and its log: nothing here opens a live one, or one of a backup. Undefined where no
 * copy came out whole, or it cannot be read. `place`: a folder of the caller's, who removes it where this process is killed.
 */
export async function askCopy<T>(
  host: Host,
  database: string,
  use: (ask: Ask) => Promise<T>,
  place?: string,
): Promise<T | undefined> {
  const scratch = place ?? `${await quietPlace(host, database)}/refit-peek-${host.clock.random(6)}`;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const seen = await askOnce(host, database, scratch, use);
      if (seen !== undefined) return seen;
    }
    return undefined;
  } finally {
    await host.files.removeTree(scratch);
  }
}

/** Of the database and its log. */
export async function databaseBytes({ files }: Pick<Host, 'files'>, database: string): Promise<number> {
  const stats = await Promise.all([database, `${database}-wal`].map((path) => files.stat(path)));
  return stats.reduce((sum, stat) => sum + (stat?.size ?? 0), 0);
}

/** A plan leaves not even the time of a directory changed: memory, where the copy is a small part of what is free there. */
async function quietPlace(host: Host, database: string): Promise<string> {
  const { files, identity } = host;
  const bytes = await databaseBytes(host, database);
  if (identity.uid !== 0 || bytes > MAX_IN_MEMORY || !(await files.writable('/run'))) return '/var/tmp';
  return bytes < (await files.space('/run')).freeBytes / 4 ? '/run' : '/var/tmp';
}

async function askOnce<T>(
  host: Host,
  database: string,
  scratch: string,
  use: (ask: Ask) => Promise<T>,
): Promise<T | undefined> {
  await host.files.removeTree(scratch);
  await host.files.makeDirectory(scratch, { mode: 0o700 });
  const sources = [database];
  if ((await host.files.stat(`${database}-wal`)) !== undefined) sources.push(`${database}-wal`);
  const argv = ['cp', '--reflink=auto', '--', ...sources, `${scratch}/`] as const;
  const copied = await host.commands.run(argv, { timeoutMs: COPY_TIMEOUT_MS, background: true });
  if (copied.exitCode !== 0) return undefined;
  const copy = `${scratch}/${database.slice(database.lastIndexOf('/') + 1)}`;
  try {
    // Torn: the service wrote while it was copied.
    if ((await host.sqlite.quickCheck(copy)).length > 0) return undefined;
    return await use((statement) => rowsOf(host.sqlite, copy, statement));
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}

async function rowsOf(sqlite: Sqlite, copy: string, statement: string): ReturnType<Sqlite['rows']> {
  try {
    return await sqlite.rows(copy, statement);
  } catch (error) {
    if (error instanceof RefitError && /no such (?:table|column)/.test(error.message)) return [];
    throw error;
  }
}
