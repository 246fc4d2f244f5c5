import type { Installation } from '../product/installation.ts';
import type { Profile } from '../product/schema.ts';
import { type Ask, askCopy } from './database-copy.ts';
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

/**
 * Reads settings, agents and jobs from a copy of the database. Undefined where there is none, or it could not be copied: the plan
 * then says "not checked".
 */
export async function peek(
  { host }: Pick<Workshop, 'host'>,
  { agents, jobs }: Profile,
  { data: { databases } }: { readonly data: Pick<Installation['data'], 'databases'> },
  place?: string,
): Promise<Peek | undefined> {
  const [database] = databases;
  if (database === undefined) return undefined;
  const { path, schema: table } = database;
  const look = async (ask: Ask): Promise<Peek> => {
    const first = async (statement: string): Promise<readonly string[]> =>
      (await ask(statement)).map((row) => String(Object.values(row)[0] ?? ''));
    const schema = table === undefined ? [] : await first(`SELECT "${table.column}" FROM "${table.table}" ORDER BY 1`);
    const mode =
      agents === undefined ? undefined : ((await first(agents.policy.statement))[0] ?? agents.policy.default);
    const arches = agents?.statement === undefined ? [] : await first(agents.statement);
    const running: string[] = [];
    for (const job of jobs) {
      if (job.kind === 'rows' && (await first(job.statement)).length > 0) running.push(job.code);
    }
    return { agentMode: mode, agentArches: arches.filter((arch) => arch !== ''), schema, runningJobs: running };
  };
  return askCopy(host, path, look, place);
}
