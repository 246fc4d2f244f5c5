import { posix } from 'node:path';
import type { PutBackOptions } from '../../data/data.ts';
import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Files } from '../../host/files.ts';
import { targetGeneration } from '../generations.ts';
import { textOf } from '../outputs.ts';
import type { World } from '../world.ts';

/** Before the window of a rollback: the earlier copy is laid ready beside the data, so that the window itself only renames. */
export const stageData: Step<World, null, null> = {
  prepare: async () => null,
  async change({ data, facts, run }) {
    await data.stagePutBack(facts.data, targetGeneration(facts), optionsOf({ facts, run }));
    return {};
  },
  revert: clearStaged,
};

/** A rollback's way with the data: the earlier copy goes live, what is live is kept aside. Undone from this run's own copy by `copy-data`. */
export const restoreData: Step<World, null, null> = {
  prepare: async () => null,
  async change({ data, facts, generation, outputOf, run }) {
    // `copy-data` has just said what the data is like.
    const output = outputOf('copy-data');
    const [manifestSha256, tick] = [textOf(output, 'manifestSha256'), textOf(output, 'tick')];
    const isOnRecord = manifestSha256 !== undefined && tick !== undefined;
    const copied = isOnRecord ? { generation, manifestSha256, tick } : undefined;
    const options = { ...optionsOf({ facts, run }), copied };
    const done = await data.putBack(facts.data, targetGeneration(facts), options);
    return { ms: done.ms, displaced: done.displaced };
  },
  /**
   * `copy-data` was begun before this, is reverted after it, and puts the data back. It must not find what was staged here, or it
   * would go on with the wrong generation: that goes away, and is a copy.
   */
  revert: clearStaged,
};

/** A staging name of its own: staging is resumed by it, and the way back stages under the run's. */
function optionsOf({ facts, run }: Pick<World, 'facts' | 'run'>): PutBackOptions {
  return { run: `${run.id}-restore`, displaced: `${facts.generations}/${run.id}-before-rollback` };
}

async function clearStaged({ facts, host, run }: World): Promise<void> {
  for (const { path, kind } of facts.data) {
    const real = await behindLinks(host.files, path);
    const directory = kind === 'directory' ? real : posix.dirname(real);
    await host.files.removeTree(`${directory}/.refit-${optionsOf({ facts, run }).run}`);
  }
}

/** The file may be moved away by now; its directory is there. */
async function behindLinks(files: Files, path: string): Promise<string> {
  try {
    return await files.realPath(path);
  } catch (error) {
    if (!(error instanceof RefitError) || error.code !== 'E_NOT_FOUND') throw error;
    return path;
  }
}
