import type { Step } from '../../engine/step.ts';
import type { Schemas } from '../schema-guard.ts';
import type { World } from '../world.ts';
import { migrateIn, migrationFailure, stagedBinary } from './migrate-scratch.ts';
import { requireKnownSchema } from './older-schema.ts';
import { clearScratch } from './scratch.ts';

/** Runs the product's own migration, of the new and of the old binary, on empty scratch databases. Nothing about a schema is hard-coded. */
export const learnSchema: Step<World, null, null> = {
  prepare: async () => null,
  async change(world): Promise<Schemas> {
    const schemas = {
      new: await rowsOf(world, 'new', stagedBinary(world)),
      old: await rowsOf(world, 'old', world.facts.installation.binary),
    };
    await requireKnownSchema(world, schemas);
    return schemas;
  },
  revert: clearScratch,
  discard: clearScratch,
};

async function rowsOf(world: World, which: 'old' | 'new', binary: string): Promise<readonly string[]> {
  const { host, run, databases } = world;
  const scratch = `${run.paths.scratch}/${which}`;
  await host.files.removeTree(scratch);
  await host.files.makeDirectory(scratch, { mode: 0o700 });
  const { done, database } = await migrateIn(world, { scratch, binary });
  if (done.exitCode !== 0) {
    const failed = { code: 'E_COMMAND_FAILED', cannot: `Cannot learn the schema of the ${which} release` } as const;
    throw await migrationFailure(world, { ...failed, scratch, done });
  }
  return databases.schemaRows(database.path, database);
}
