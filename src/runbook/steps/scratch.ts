import type { World } from '../world.ts';

/** Scratch is needed by no way back and by nobody after the commit; every step that used it may clear it. */
export async function clearScratch({ host, run }: World): Promise<void> {
  await host.files.removeTree(run.paths.scratch);
}
