import type { Step } from '../../engine/step.ts';
import type { Files } from '../../host/files.ts';
import type { Facts } from '../facts.ts';
import { filesList, generationMark, pruneGenerations } from '../generations.ts';
import { stagedBeside } from '../staging.ts';
import type { World } from '../world.ts';

/** Copies what does not change before the window: binaries, agent assets, env file, unit and drop-ins. */
export const copyLive: Step<World, null, null> = {
  prepare: async () => null,
  async change({ host, layout, facts, generation, run, service }) {
    const cursor = await service.logCursor(facts.installation.unit);
    await host.files.makeDirectory(generation.root, { mode: 0o700 });
    await host.files.writeAtomic(generationMark(generation), `${run.id}\n`, { mode: 0o600 });
    const targets = [...stagedBeside(facts), ...(await previousOnes(host.files, facts))];
    const live = await layout.copyLive(targets, { root: generation.root });
    const { sha256 } = await host.files.digest(filesList(generation));
    return {
      generation: generation.root,
      files: live.filter(({ present }) => present).length,
      filesSha256: sha256,
      cursor,
    };
  },
  async revert({ host, generation }) {
    // Everything in it has been put back by now: no step that comes before this one needs anything of it.
    await host.files.removeTree(generation.root);
  },
  async discard(world) {
    await pruneGenerations(world);
  },
};

/** What an earlier upgrade kept for a person beside a binary: this one puts its own in its place. */
async function previousOnes(files: Files, { files: planned }: Facts): Promise<readonly string[]> {
  const found: string[] = [];
  for (const { target, keepPrevious } of planned) {
    if (!keepPrevious || (await files.stat(target)) === undefined) continue;
    const previous = `${await files.realPath(target)}.old`;
    if ((await files.stat(previous))?.type === 'file') found.push(previous);
  }
  return found;
}
