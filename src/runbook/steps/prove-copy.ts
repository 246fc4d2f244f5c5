import { type Step, Undecided } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { textOf } from '../outputs.ts';
import { waiverFor } from '../waivers.ts';
import type { World } from '../world.ts';
import { clearScratch } from './scratch.ts';

/** Well above what the copy of a database takes from disk to disk. */
const COPY_TIMEOUT_MS = 60 * 60_000;

/**
 * The copy is read again and compared with the digests of the stopped source, and its database restored into scratch, opened
 * and checked: a backup that was never restored proves nothing. The copy itself is never opened. The service runs by now and
 * is healthy: a copy that cannot be trusted is no reason to stop it, and it is not restored from (`way-back.ts`). The run
 * pauses, since only a person can give up its way back.
 */
export const proveCopy: Step<World, null, null> = {
  prepare: async () => null,
  async change(world) {
    const { data, generation, outputOf, report } = world;
    try {
      await data.verify(generation, textOf(outputOf('copy-data'), 'manifestSha256'));
      const rows = await restoredRows(world);
      return { proven: true, ...(rows === undefined ? {} : { rows }) };
    } catch (error) {
      if (!(error instanceof RefitError) || !BAD.includes(error.code)) throw error;
      const text = `the copy of the data cannot be trusted: ${error.message}`;
      report({ kind: 'note', text });
      const waiver = waiverFor(world, {
        code: 'no-way-back',
        measured: error.message,
        limit: 'a copy that can be restored',
      });
      if (waiver !== undefined) return { proven: false, saw: error.message, waivers: [waiver] };
      throw new Undecided('no-way-back', 'E_COPY_UNPROVEN', `Cannot undo this upgrade any more: ${text}`);
    }
  },
  revert: clearScratch,
  discard: clearScratch,
};

const BAD: readonly string[] = ['E_DIGEST_MISMATCH', 'E_SNAPSHOT_INVALID', 'E_NOT_FOUND'];

/** Migrations in the restored database; undefined where there is none. */
async function restoredRows({ host, facts, generation, databases, run }: World): Promise<number | undefined> {
  const { database } = facts;
  if (database === undefined) return undefined;
  const folder = `${run.paths.scratch}/restored`;
  await host.files.removeTree(folder);
  await host.files.makeDirectory(folder, { mode: 0o700 });
  const kept = `${generation.root}/tree${await host.files.realPath(database.path)}`;
  for (const suffix of ['', '-wal']) {
    if ((await host.files.stat(`${kept}${suffix}`)) === undefined) continue;
    const argv = ['cp', '--reflink=auto', '--', `${kept}${suffix}`, `${folder}/copy.db${suffix}`] as const;
    await host.commands.must(argv, { timeoutMs: COPY_TIMEOUT_MS, background: true });
  }
  await databases.check(`${folder}/copy.db`);
  const rows = await databases.schemaRows(`${folder}/copy.db`, database);
  await host.files.removeTree(folder);
  return rows.length;
}
