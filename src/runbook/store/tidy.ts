import type { Host } from '../../host/host.ts';
import { ignoring } from '../ignoring.ts';
import { runPaths, type StorePaths } from './paths.ts';
import { listRuns } from './runs.ts';
import { ulidTime } from './ulid.ts';

/** A folder without a journal is a request that was refused, or one whose worker has not come yet. */
const REFUSED_AFTER_MS = 86_400_000;

/**
 * What earlier workers did not live to remove, under the lock and with no run open but `current`: tokens of runs that have
 * ended, and folders of requests that never became a run.
 */
export async function tidyRuns(
  { files, clock }: Pick<Host, 'files' | 'clock'>,
  store: StorePaths,
  current: string,
): Promise<void> {
  const oldest = clock.now().getTime() - REFUSED_AFTER_MS;
  for (const id of await listRuns(files, store)) {
    if (id === current) continue;
    const { directory, journal, token } = runPaths(store, id);
    const began = (await files.stat(journal)) !== undefined;
    // A worker that has not come yet for an older request is refused when it comes: nothing will be undone with that token.
    if (began || id < current) await ignoring(() => files.remove(token));
    if (!began && ulidTime(id) < oldest) await ignoring(() => files.removeTree(directory));
  }
}
