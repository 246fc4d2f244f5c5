import { posix } from 'node:path';
import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { targetVersion } from '../facts.ts';
import type { World } from '../world.ts';
import { learnedSchemas } from './live-schema.ts';
import { migrateIn, migrationFailure, scratchDatabase, stagedBinary } from './migrate-scratch.ts';
import { clearScratch } from './scratch.ts';

/** What the rehearsal came to: rows of the schema table before and after, and how long the migration took. */
export type Rehearsed = {
  readonly before: number;
  readonly after: number;
  readonly added: readonly string[];
  readonly ms: number;
};

/**
 * The new release's migration on a snapshot of the real data, while the old version still runs: a migration that fails on
 * what is there fails here. Only the migration: serving, the product's doctor or its wizard would reach beyond the data.
 */
export const rehearse: Step<World, null, null> = {
  prepare: async () => null,
  async change(world): Promise<Rehearsed> {
    const { host, facts, run, databases } = world;
    const scratch = `${run.paths.scratch}/rehearsal`;
    await host.files.removeTree(scratch);
    await host.files.makeDirectory(scratch, { mode: 0o700 });
    const copy = scratchDatabase(world, scratch);
    await host.files.makeDirectory(posix.dirname(copy.path), { mode: 0o700 });
    await databases.snapshot(facts.database?.path ?? '', copy.path);
    const before = await databases.schemaRows(copy.path, copy);
    const cannot = `Cannot migrate a copy of the data to ${targetVersion(facts)}`;
    const { done } = await migrateIn(world, { scratch, binary: stagedBinary(world) });
    if (done.exitCode !== 0) throw await migrationFailure(world, { code: 'E_MIGRATION_FAILED', cannot, scratch, done });
    const after = await databases.schemaRows(copy.path, copy);
    const missing = (learnedSchemas(world)?.new ?? []).filter((row) => !after.includes(row));
    if (missing.length > 0) {
      throw new RefitError('E_MIGRATION_FAILED', `${cannot}: saw ${missing.join(', ')} missing after it`, {
        hint: 'The service was not touched. Choose another release with --to',
      });
    }
    // It holds the product's data.
    await host.files.removeTree(scratch);
    const added = after.filter((row) => !before.includes(row));
    return { before: before.length, after: after.length, added, ms: Math.round(done.ms) };
  },
  revert: clearScratch,
  discard: clearScratch,
};
