import { type ErrorCode, RefitError } from '../../errors.ts';
import { expand } from '../../product/template.ts';
import type { SandboxResult } from '../../service/sandbox.ts';
import type { DatabaseFacts } from '../facts.ts';
import { scopeOf } from '../questions.ts';
import { bytes } from '../words.ts';
import type { World } from '../world.ts';
import { stagedFiles } from './unpack.ts';

/** Less is left where a database could not grow: it gives back what it could not use. */
const FULL_BYTES = 2 ** 20;

interface Place {
  readonly scratch: string;
  readonly binary: string;
}

/** The new binary, where it was unpacked. */
export function stagedBinary({ facts, outputOf }: World): string {
  const staged = stagedFiles(outputOf).find(({ target }) => target === facts.installation.binary);
  if (staged === undefined) throw new Error('internal: the binary was never unpacked');
  return staged.staged;
}

/** Where the product's migration will look for its database, given such a scratch folder. */
export function scratchDatabase({ facts }: World, scratch: string): DatabaseFacts {
  const { database } = facts;
  const { migrate } = facts.profile;
  if (migrate === undefined || database === undefined) throw new Error('internal: no migration to run');
  return { ...database, path: expand(migrate.database, { ...scopeOf(facts), scratch }) };
}

/** Runs the product's own migration, and nothing else of it, in the sandbox. */
export async function migrateIn(
  world: World,
  { scratch, binary }: Place,
): Promise<{ readonly done: SandboxResult; readonly database: DatabaseFacts }> {
  const { facts, run, sandbox } = world;
  const { migrate } = facts.profile;
  const database = scratchDatabase(world, scratch);
  if (migrate === undefined) throw new Error('internal: no migration to run');
  const inside = { ...scopeOf(facts), ...sandbox.place(run.part, scratch) };
  const done = await sandbox.run(run.part, {
    binary,
    argv: migrate.argv.map((word) => expand(word, inside)),
    env: Object.fromEntries(Object.entries(migrate.env).map(([key, value]) => [key, expand(value, inside)])),
    scratch,
    user: facts.installation.user,
    timeoutMs: migrate.timeout,
  });
  return { done, database };
}

interface Failed {
  readonly code: ErrorCode;
  readonly cannot: string;
  readonly scratch: string;
  readonly done: SandboxResult;
}

/** Why a migration in scratch failed. The product's own words for a full disk are its own: the file system is asked. */
export async function migrationFailure(
  { host, facts }: World,
  { code, cannot, scratch, done }: Failed,
): Promise<RefitError> {
  const { freeBytes, freeInodes } = await host.files.space(scratch);
  if (freeBytes < FULL_BYTES || freeInodes === 0) {
    const free = freeInodes === 0 ? 'no inode' : bytes(freeBytes);
    return new RefitError('E_NO_SPACE', `${cannot}: saw ${free} free at ${scratch}, expected room for a database`, {
      hint: `Free some space (df -h ${scratch}; df -i ${scratch}), then run the same command again`,
      facts: { path: scratch, freeBytes },
    });
  }
  const argv = facts.profile.migrate?.argv.join(' ');
  const ended = done.timedOut ? `no end within ${done.ms} ms` : `exit ${done.exitCode ?? 'none'}`;
  const last = done.output.trim().split('\n').at(-1) ?? '';
  return new RefitError(code, `${cannot}: "${argv}" saw ${ended}: ${last}`, {
    hint: 'The service was not touched. Choose another release with --to',
  });
}
