import { posix } from 'node:path';
import type { Step } from '../../engine/step.ts';
import { addKeys } from '../../product/env-edit.ts';
import { envText } from '../env-text.ts';
import type { PlannedCopy } from '../facts.ts';
import type { World } from '../world.ts';
import { putFilesBack } from './put-files-back.ts';

/** The env file as it was, which of the files to copy were not there yet, and where those lie that are made or replaced. */
export type EditEnvUndo = {
  readonly before: {
    readonly path: string;
    readonly text: string;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
  } | null;
  readonly missing: readonly string[];
  readonly made?: readonly { readonly from: string; readonly path: string }[];
};

const COPY_TIMEOUT_MS = 60_000;

/** What a crossing needs, consented to: keys at the end of the env file, files where the new version looks for them. */
export const editEnv: Step<World, null, EditEnvUndo> = {
  async prepare({ host, facts }) {
    const { envEdits, copies } = facts.options;
    const named = facts.installation.envFile;
    const missing: string[] = [];
    const made: { from: string; path: string }[] = [];
    for (const { from, to, dress } of copies) {
      const there = (await host.files.stat(to)) !== undefined;
      // Behind a link, as the copy of before is put back.
      if (dress !== undefined) made.push({ from, path: there ? await host.files.realPath(to) : to });
      else if (!there) missing.push(to);
    }
    if (named === undefined || envEdits.length === 0) return { before: null, missing, made };
    // The file behind a link: the link has mode 0777, and a rename over it would replace it.
    const path = await host.files.realPath(named);
    const text = await envText(host.files, path);
    const { mode = 0o600, uid = 0, gid = 0 } = (await host.files.stat(path)) ?? {};
    return { before: { path, text, mode, uid, gid }, missing, made };
  },

  async change(world, _input, { before, missing, made = [] }) {
    const { host, facts, layout, run } = world;
    for (const { from, to, dress } of facts.options.copies) {
      if ((await host.files.stat(from)) === undefined) continue;
      const path = made.find((each) => each.from === from)?.path;
      if (dress !== undefined && path !== undefined) await placeFile(world, { from, path, dress });
      if (dress !== undefined || !missing.includes(to)) continue;
      await host.commands.must(['cp', '-a', '--no-target-directory', '--', from, to], { timeoutMs: COPY_TIMEOUT_MS });
      await host.files.syncTree(to);
      await host.files.sync(posix.dirname(to));
    }
    if (before !== null) {
      const additions = new Map(facts.options.envEdits.map(({ key, value }) => [key, value]));
      const { text } = addKeys(before.path, before.text, additions);
      await layout.rewrite({ ...before, text }, run.part);
    }
    return {
      keys: facts.options.envEdits.map(({ key }) => key),
      copied: [...missing, ...made.map(({ path }) => path)],
    };
  },

  async revert(world, _input, { before, missing, made = [] }) {
    const { host, layout, run, generation } = world;
    for (const { path } of made) await host.files.remove(beside(path, run.part));
    for (const path of missing) {
      if ((await host.files.stat(path)) === undefined) continue;
      await host.files.removeTree(path);
      await host.files.sync(posix.dirname(path));
    }
    // Those that were there lie in the generation, with all they wore.
    if (made.length > 0) await putFilesBack(world, generation);
    if (before !== null) await layout.rewrite(before, run.part);
  },
};

const beside = (path: string, run: string): string => `${posix.dirname(path)}/.refit-${run}-${posix.basename(path)}`;

interface Placed {
  readonly from: string;
  readonly path: string;
  readonly dress: NonNullable<PlannedCopy['dress']>;
}

/** By one rename: a key that is half another's opens nothing. */
async function placeFile({ host, layout, run }: World, { from, path, dress }: Placed): Promise<void> {
  const temporary = beside(path, run.part);
  await host.files.remove(temporary);
  const argv = ['cp', '-a', '--dereference', '--no-target-directory', '--', from, temporary] as const;
  await host.commands.must(argv, { timeoutMs: COPY_TIMEOUT_MS });
  await layout.dress(temporary, path, dress);
  await host.files.rename(temporary, path);
  await host.files.sync(posix.dirname(path));
}
