import type { Host } from '../../host/host.ts';
import type { Sandbox } from '../../service/sandbox.ts';
import type { StorePaths } from './paths.ts';

/** Removes what rehearsals without a run left, killed ones too: it holds the product's data. Only under the lock. */
export async function clearRehearsals(
  { files }: Pick<Host, 'files'>,
  sandbox: Pick<Sandbox, 'clear'>,
  { rehearsals }: Pick<StorePaths, 'rehearsals'>,
): Promise<void> {
  if ((await files.stat(rehearsals)) === undefined) return;
  for (const id of await files.list(rehearsals)) await sandbox.clear(id);
  await files.removeTree(rehearsals);
}
