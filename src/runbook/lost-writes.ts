import type { Data, Generation } from '../data/data.ts';
import type { Installation } from '../product/installation.ts';
import { type Ask, askCopy, databaseBytes } from './database-copy.ts';
import type { Facts } from './facts.ts';
import type { Workshop } from './workshop.ts';

/** What would be gone if the data of a generation were put back. */
export interface LostWrites {
  /** Paths that were made, changed or removed since, but for databases. */
  readonly files: readonly string[];
  /** Tables with another number of rows than then; undefined where nothing could be counted. */
  readonly tables: readonly { readonly name: string; readonly before: number; readonly now: number }[] | undefined;
  /** Newest entries of the product's own log since then, oldest first; undefined where it keeps none that can be read. */
  readonly audit: readonly AuditEntry[] | undefined;
  /** How many there are in all. */
  readonly audits: number;
}

export interface AuditEntry {
  readonly at: string;
  readonly who: string;
  readonly what: string;
}

/** Larger ones take longer to copy than a person waits for a question. */
const MAX_COUNTED_BYTES = 2 ** 30;
const MAX_AUDIT = 10;
/** SQLite takes 500 parts of a compound SELECT (SQLITE_MAX_COMPOUND_SELECT). */
const PARTS = 200;

type Database = Installation['data']['databases'][number];

export async function lostWrites(
  { host }: Pick<Workshop, 'host'>,
  room: Pick<Data, 'differences' | 'pathIn'>,
  items: Facts['data'],
  generation: Generation,
  [database]: readonly Database[],
): Promise<LostWrites> {
  const differences = await room.differences(items, generation, { digests: false });
  const databases = items.filter(({ kind }) => kind === 'database').map(({ path }) => path);
  const directories = items.filter(({ kind }) => kind === 'directory').map(({ path }) => path);
  const files = differences
    .map(({ path }) => path)
    .filter((path) => !databases.some((each) => path === each || path.startsWith(`${each}-`)))
    .filter((path) => !directories.includes(path));
  const rows = database === undefined ? undefined : await lostRows(host, room, database, generation);
  return { files, tables: rows?.tables, audit: rows?.audit, audits: rows?.audits ?? 0 };
}

async function lostRows(
  host: Workshop['host'],
  room: Pick<Data, 'pathIn'>,
  { path, audit }: Database,
  generation: Generation,
): Promise<Omit<LostWrites, 'files'> | undefined> {
  const real = await host.files.realPath(path).catch(() => path);
  const kept = room.pathIn(generation, real);
  const there = await Promise.all([real, kept].map((each) => host.files.stat(each)));
  if (there.includes(undefined) || (await databaseBytes(host, real)) > MAX_COUNTED_BYTES) return undefined;
  const then = await askCopy(host, kept, async (ask) => ({
    counts: await countsOf(ask),
    logged: await lengthOf(ask, audit),
  }));
  if (then === undefined) return undefined;
  return askCopy(host, real, async (ask) => {
    const counts = await countsOf(ask);
    const names = [...new Set([...then.counts.keys(), ...counts.keys()])].sort();
    const tables = names
      .map((name) => ({ name, before: then.counts.get(name) ?? 0, now: counts.get(name) ?? 0 }))
      .filter((table) => table.before !== table.now);
    const audits = Math.max(0, (await lengthOf(ask, audit)) - then.logged);
    const first = then.logged + Math.max(0, audits - MAX_AUDIT);
    const newest =
      audit === undefined ? undefined : await ask(`SELECT * FROM (${audit}) LIMIT ${MAX_AUDIT} OFFSET ${first}`);
    return { tables, audits, audit: newest?.map((row) => entryOf(row)) };
  });
}

function entryOf(row: Readonly<Record<string, string | number | null>>): AuditEntry {
  const text = (key: string): string => String(row[key] ?? '').trim();
  return { at: text('at'), who: text('who'), what: text('what') };
}

async function lengthOf(ask: Ask, audit: string | undefined): Promise<number> {
  if (audit === undefined) return 0;
  const [row] = await ask(`SELECT count(*) AS n FROM (${audit})`);
  return Number(row?.['n'] ?? 0);
}

async function countsOf(ask: Ask): Promise<ReadonlyMap<string, number>> {
  const tables = await ask(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'`,
  );
  const names = tables.map(({ name }) => String(name));
  const counts = new Map<string, number>();
  for (let at = 0; at < names.length; at += PARTS) {
    const parts = names
      .slice(at, at + PARTS)
      .map((name, i) => `SELECT ${at + i} AS i, count(*) AS n FROM "${name.replaceAll('"', '""')}"`);
    for (const { i, n } of await ask(parts.join(' UNION ALL '))) counts.set(names[Number(i)] ?? '', Number(n));
  }
  return counts;
}
