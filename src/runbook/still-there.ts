import { RefitError } from '../errors.ts';
import { generationMark } from './generations.ts';
import type { World } from './world.ts';

/**
 * Before the window: a disk that went away since leaves an empty folder, and a server that starts on it looks like a new one.
 * Rejects with E_WORLD_CHANGED where what this run keeps, or the database it has looked at, is not where it was.
 */
export async function requireStillThere({ host, facts, generation }: World): Promise<void> {
  await require(host.files, generationMark(generation));
  await requireDatabase({ host, facts });
}

/** Before any start: a server that finds no database makes a new one, and answers as if all were well. */
export async function requireDatabase({ host, facts }: Pick<World, 'host' | 'facts'>): Promise<void> {
  if (facts.database !== undefined) await require(host.files, facts.database.path);
}

/** In the window: the same of the database in the copy that was just finished. */
export async function requireDatabaseIn({ host, facts, data, generation }: World): Promise<void> {
  const { database } = facts;
  if (database === undefined) return;
  await require(host.files, data.pathIn(generation, await host.files.realPath(database.path)));
}

async function require(files: World['host']['files'], path: string): Promise<void> {
  if ((await files.stat(path)) !== undefined) return;
  throw new RefitError('E_WORLD_CHANGED', `Cannot go on: ${path} is not there any more`, {
    hint: `Is its disk still mounted? findmnt -T ${path}; then type the command again`,
    facts: { path },
  });
}
