import { RefitError } from '../errors.ts';
import type { Sqlite } from '../host/sqlite.ts';
import type { Installation } from '../product/installation.ts';
import type { Profile } from '../product/schema.ts';
import type { Workshop } from './workshop.ts';

/** What a look at a copy of the database tells before anything is planned. */
export interface Peek {
  /** The mode in which the server treats its agents, as its settings say. */
  readonly agentMode: string | undefined;
  readonly agentArches: readonly string[];
  /** The migrations that the database has applied. */
  readonly schema: readonly string[];
  /** Codes of the product's own jobs that run. */
  readonly runningJobs: readonly string[];
}

type Database = Installation['data']['databases'][number];

/** A copy made while the service writes may be torn: so often it is made anew. */
const ATTEMPTS = 3;
const COPY_TIMEOUT_MS = 10 * 60_000;
const MAX_IN_MEMORY = 256 * 2 ** 20;

/**
 * Reads settings, agents and jobs from a copy that a child made: `plan` opens no live database. Undefined where there is no
 * database, it cannot be read, or no copy came out whole: the plan then says "not checked".
 */
export async function peek(
  { host }: Pick<Workshop, 'host'>,
  profile: Profile,
  installation: Installation,
): Promise<Peek | undefined> {
  const [database] = installation.data.databases;
  if (database === undefined) return undefined;
  const scratch = `${await quietPlace(host, database.path)}/refit-peek-${host.clock.random(6)}`;
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const seen = await peekOnce(host, profile, database, scratch);
      if (seen !== undefined) return seen;
    }
    return undefined;
  } finally {
    await host.files.removeTree(scratch);
  }
}

/** A plan leaves not even the time of a directory changed: memory, where the copy is a small part of what is free there. */
async function quietPlace({ files, identity }: Workshop['host'], database: string): Promise<string> {
  const sizes = await Promise.all(
    [database, `${database}-wal`].map(async (path) => (await files.stat(path))?.size ?? 0),
  );
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (identity.uid !== 0 || bytes > MAX_IN_MEMORY || !(await files.writable('/run'))) return '/var/tmp';
  return bytes < (await files.space('/run')).freeBytes / 4 ? '/run' : '/var/tmp';
}

async function peekOnce(
  host: Workshop['host'],
  profile: Profile,
  { path: database, schema: table }: Database,
  scratch: string,
): Promise<Peek | undefined> {
  await host.files.removeTree(scratch);
  await host.files.makeDirectory(scratch, { mode: 0o700 });
  const sources = [database];
  if ((await host.files.stat(`${database}-wal`)) !== undefined) sources.push(`${database}-wal`);
  const argv = ['cp', '--reflink=auto', '--', ...sources, `${scratch}/`] as const;
  const copied = await host.commands.run(argv, { timeoutMs: COPY_TIMEOUT_MS, background: true });
  if (copied.exitCode !== 0) return undefined;
  const copy = `${scratch}/${database.slice(database.lastIndexOf('/') + 1)}`;
  const first = (statement: string): Promise<readonly string[]> => firstColumn(host.sqlite, copy, statement);
  try {
    // Torn: the service wrote while it was copied.
    if ((await host.sqlite.quickCheck(copy)).length > 0) return undefined;
    const { agents, jobs } = profile;
    const schema = table === undefined ? [] : await first(`SELECT "${table.column}" FROM "${table.table}" ORDER BY 1`);
    const mode =
      agents === undefined ? undefined : ((await first(agents.policy.statement))[0] ?? agents.policy.default);
    const arches = agents?.statement === undefined ? [] : await first(agents.statement);
    const running: string[] = [];
    for (const job of jobs) {
      if (job.kind === 'rows' && (await first(job.statement)).length > 0) running.push(job.code);
    }
    return { agentMode: mode, agentArches: arches.filter((arch) => arch !== ''), schema, runningJobs: running };
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}

/** A table or column that an older release does not have means that there is none of it. */
async function firstColumn(sqlite: Sqlite, copy: string, statement: string): Promise<readonly string[]> {
  try {
    const rows = await sqlite.rows(copy, statement);
    return rows.map((row) => String(Object.values(row)[0] ?? ''));
  } catch (error) {
    if (error instanceof RefitError && /no such (?:table|column)/.test(error.message)) return [];
    throw error;
  }
}
