import type { Plan } from '../../engine/plan.ts';
import type { Host } from '../../host/host.ts';
import { goesBackToStart, planBackToStart } from '../all-or-nothing.ts';
import { runPaths, type StorePaths } from '../store/paths.ts';
import type { StoredRun } from '../store/runs.ts';
import { readToken } from '../token.ts';

/**
 * Makes room for the run `id` that goes back to where a failed one began, where that was agreed; undefined where it was not. The
 * token goes on with it. It stays with the failed run too, for whoever has to begin this again, until `tidyRuns` finds another begun.
 */
export async function openBackToStart(
  { files }: Pick<Host, 'files'>,
  store: StorePaths,
  failed: StoredRun,
  id: string,
): Promise<Plan | undefined> {
  if (!goesBackToStart(failed.state)) return undefined;
  const token = await readToken(files, failed.paths);
  const plan = planBackToStart(failed, token !== undefined);
  if (plan === undefined) return undefined;
  const back = runPaths(store, id);
  await files.makeDirectory(back.directory, { mode: 0o700 });
  if (token !== undefined) await files.writeAtomic(back.token, `${token}\n`, { mode: 0o600 });
  return plan;
}
