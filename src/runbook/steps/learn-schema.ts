import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { expand } from '../../product/template.ts';
import type { SandboxResult } from '../../service/sandbox.ts';
import { scopeOf } from '../questions.ts';
import { bytes } from '../words.ts';
import type { World } from '../world.ts';
import { clearScratch } from './scratch.ts';
import { stagedFiles } from './unpack.ts';

/** Less is left where a database could not grow: it gives back what it could not use. */
const FULL_BYTES = 2 ** 20;

/** The rows of an empty database migrated by each release: what each of them knows. */
export type Schemas = { readonly old: readonly string[]; readonly new: readonly string[] };

/** Runs the product's own migration, of the new and of the old binary, on empty scratch databases. Nothing about a schema is hard-coded. */
export const learnSchema: Step<World, null, null> = {
  prepare: async () => null,
  async change(world): Promise<Schemas> {
    const { facts, outputOf } = world;
    const staged = stagedFiles(outputOf).find(({ target }) => target === facts.installation.binary);
    if (staged === undefined) throw new Error('internal: the binary was never unpacked');
    return {
      new: await rowsOf(world, 'new', staged.staged),
      old: await rowsOf(world, 'old', facts.installation.binary),
    };
  },
  revert: clearScratch,
  discard: clearScratch,
};

async function rowsOf(world: World, which: 'old' | 'new', binary: string): Promise<readonly string[]> {
  const { host, facts, run, sandbox, databases } = world;
  const { migrate } = facts.profile;
  const { database, installation } = facts;
  if (migrate === undefined || database === undefined) throw new Error('internal: no migration to learn from');
  const scratch = `${run.paths.scratch}/${which}`;
  await host.files.removeTree(scratch);
  await host.files.makeDirectory(scratch, { mode: 0o700 });
  const inside = { ...scopeOf(facts), ...sandbox.place(run.id, scratch) };
  const job = {
    binary,
    argv: migrate.argv.map((word) => expand(word, inside)),
    env: Object.fromEntries(Object.entries(migrate.env).map(([key, value]) => [key, expand(value, inside)])),
    scratch,
    user: installation.user,
    timeoutMs: migrate.timeout,
  };
  const done = await sandbox.run(run.id, job);
  if (done.exitCode !== 0) throw await failure(host, which, migrate.argv, scratch, done);
  const outside = expand(migrate.database, { ...scopeOf(facts), scratch });
  return databases.schemaRows(outside, database);
}

/** The product's own words for a full disk are its own: the file system is asked. */
async function failure(
  { files }: World['host'],
  which: 'old' | 'new',
  argv: readonly string[],
  scratch: string,
  { exitCode, output }: SandboxResult,
): Promise<RefitError> {
  const cannot = `Cannot learn the schema of the ${which} release`;
  const { freeBytes, freeInodes } = await files.space(scratch);
  if (freeBytes < FULL_BYTES || freeInodes === 0) {
    const free = freeInodes === 0 ? 'no inode' : bytes(freeBytes);
    return new RefitError('E_NO_SPACE', `${cannot}: saw ${free} free at ${scratch}, expected room for a database`, {
      hint: `Free some space (df -h ${scratch}; df -i ${scratch}), then run the same command again`,
      facts: { path: scratch, freeBytes },
    });
  }
  const last = output.trim().split('\n').at(-1) ?? '';
  return new RefitError('E_COMMAND_FAILED', `${cannot}: "${argv.join(' ')}" saw exit ${exitCode ?? 'none'}: ${last}`, {
    hint: 'The service was not touched. Choose another release with --to',
  });
}
