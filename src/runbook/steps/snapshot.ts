import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { World } from '../world.ts';
import type { Schemas } from './learn-schema.ts';

/** Proves the live database sound, on a snapshot: refused before the window if it is not, for no copy of it could go back. */
export const snapshot: Step<World, null, null> = {
  prepare: async () => null,
  async change({ host, databases, facts, run, outputOf }) {
    const { database } = facts;
    if (database === undefined) throw new Error('internal: no database to look at');
    const copy = `${run.paths.scratch}/before.db`;
    await host.files.makeDirectory(run.paths.scratch, { mode: 0o700 });
    await host.files.remove(copy);
    await databases.snapshot(database.path, copy);
    const rows = await databases.schemaRows(copy, database);
    await host.files.remove(copy);
    const schemas = outputOf('learn-schema') as unknown as Schemas | undefined;
    const unknown = rows.filter((row) => schemas !== undefined && !schemas.new.includes(row));
    if (unknown.length > 0) {
      throw new RefitError(
        'E_DOWNGRADE',
        `Cannot run this release on ${database.path}: it does not know ${unknown.join(', ')}`,
        {
          hint: 'A newer release wrote this database: choose one that knows it with --to',
        },
      );
    }
    return { rows: rows.length, quickCheck: 'ok' };
  },
  async revert({ host, run }) {
    await host.files.remove(`${run.paths.scratch}/before.db`);
  },
};
