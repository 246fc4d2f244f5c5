import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Target } from '../../layout/layout.ts';
import type { PlannedFile } from '../facts.ts';
import type { World } from '../world.ts';
import { putFilesBack } from './put-files-back.ts';
import { type StagedFile, stagedFiles } from './unpack.ts';

/** Renames the staged binaries and agent assets into place, all architectures, before the start. */
export const swapFiles: Step<World, null, null> = {
  async prepare({ host, facts, outputOf }) {
    // Payload that vanished since it was verified must be met before the first rename, not after it.
    for (const { staged } of stagedFiles(outputOf)) {
      if ((await host.files.stat(staged)) !== undefined) continue;
      throw new RefitError('E_WORLD_CHANGED', `Cannot swap ${facts.installation.title}: ${staged} is gone`, {
        hint: 'refit upgrade again: it unpacks anew',
      });
    }
    return null;
  },
  async change({ layout, facts, outputOf }) {
    const staged = new Map(stagedFiles(outputOf).map((file) => [file.target, file]));
    const targets = facts.files.map((file) => targetOf(file, staged.get(file.target)));
    const { replaced, ms } = await layout.swap(targets);
    return { replaced, ms };
  },
  async revert(world) {
    await putFilesBack(world, world.generation);
  },
};

function targetOf(file: PlannedFile, staged: StagedFile | undefined): Target {
  if (staged === undefined) throw new Error(`internal: ${file.target} was never unpacked`);
  const { target, mode, uid, gid, keepPrevious } = file;
  return { staged: staged.staged, target, sha256: staged.sha256, size: staged.size, mode, uid, gid, keepPrevious };
}
