import type { BinaryStore, Swapped } from '../../layout/layout.ts';
import { stagedBeside } from '../staging.ts';
import type { World } from '../world.ts';

/** Puts the files of a generation back, and tidies up. */
export async function putFilesBack({ layout, service, facts, run }: World, store: BinaryStore): Promise<Swapped> {
  const swapped = await layout.restore(store, run.part);
  // Asked, not concluded from what was replaced: an earlier call may have died before it told the manager of the unit.
  const unit = facts.keepsakes.length === 0 ? undefined : await service.inspect(facts.installation.unit);
  if (unit?.needDaemonReload === true) await service.reload();
  await layout.sweep(stagedBeside(facts), run.part);
  return swapped;
}
