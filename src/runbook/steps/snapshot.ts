import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { World } from '../world.ts';
import { learnedSchemas, liveSchema } from './live-schema.ts';
import { clearScratch } from './scratch.ts';

/** Proves the live database sound, on a snapshot: refused before the window if it is not, for no copy of it could go back. */
export const snapshot: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { database } = world.facts;
    if (database === undefined) throw new Error('internal: no database to look at');
    const rows = await liveSchema(world, database, 'before');
    const known = learnedSchemas(world)?.new;
    const unknown = known === undefined ? [] : rows.filter((row) => !known.includes(row));
    if (unknown.length > 0) {
      throw new RefitError(
        'E_DOWNGRADE',
        `Cannot run this release on ${database.path}: saw ${unknown.join(', ')} applied, expected migrations that it knows`,
        { hint: 'A newer release wrote this database: choose one that knows it with --to' },
      );
    }
    return { rows: rows.length, quickCheck: 'ok' };
  },
  revert: clearScratch,
  discard: clearScratch,
};
