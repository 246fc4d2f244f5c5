import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { World } from '../world.ts';
import { learnedSchemas, liveSchema } from './live-schema.ts';
import { clearScratch } from './scratch.ts';

/** The server logs nothing when a migration works: its success is the rows the new release leaves on an empty database. */
export const proveSchema: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { database } = world.facts;
    const schemas = learnedSchemas(world);
    if (database === undefined || schemas === undefined) throw new Error('internal: no schema was learned');
    const rows = await liveSchema(world, database, 'after');
    const missing = schemas.new.filter((row) => !rows.includes(row));
    if (missing.length > 0) {
      throw new RefitError(
        'E_MIGRATION_FAILED',
        `Cannot call ${database.path} migrated: saw ${missing.join(', ')} missing, expected all of ${schemas.new.length}`,
        { hint: 'The data goes back as it was' },
      );
    }
    return { rows: rows.length, added: rows.filter((row) => !schemas.old.includes(row)) };
  },
  revert: clearScratch,
  discard: clearScratch,
};
