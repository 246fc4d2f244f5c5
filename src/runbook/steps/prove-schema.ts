import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { World } from '../world.ts';
import type { Schemas } from './learn-schema.ts';

/** The server logs nothing when a migration works: its success is the rows the new release leaves on an empty database. */
export const proveSchema: Step<World, null, null> = {
  prepare: async () => null,
  async change({ host, databases, facts, run, outputOf }) {
    const { database } = facts;
    const schemas = outputOf('learn-schema') as unknown as Schemas | undefined;
    if (database === undefined || schemas === undefined) throw new Error('internal: no schema was learned');
    const copy = `${run.paths.scratch}/after.db`;
    await host.files.makeDirectory(run.paths.scratch, { mode: 0o700 });
    await host.files.remove(copy);
    await databases.snapshot(database.path, copy);
    const rows = await databases.schemaRows(copy, database);
    await host.files.remove(copy);
    const missing = schemas.new.filter((row) => !rows.includes(row));
    if (missing.length > 0) {
      throw new RefitError(
        'E_MIGRATION_FAILED',
        `Cannot call ${database.path} migrated: ${missing.join(', ')} is not applied`,
        {
          hint: 'The data goes back as it was',
        },
      );
    }
    const added = rows.filter((row) => !schemas.old.includes(row));
    return { rows: rows.length, added };
  },
  async revert({ host, run }) {
    await host.files.remove(`${run.paths.scratch}/after.db`);
  },
};
