import { posix } from 'node:path';
import type { Step } from '../../engine/step.ts';
import { addKeys } from '../../product/env-edit.ts';
import { envText } from '../env-text.ts';
import type { World } from '../world.ts';

/** The env file as it was, and which of the files to copy were not there yet. */
export type EditEnvUndo = {
  readonly before: {
    readonly path: string;
    readonly text: string;
    readonly mode: number;
    readonly uid: number;
    readonly gid: number;
  } | null;
  readonly missing: readonly string[];
};

const COPY_TIMEOUT_MS = 60_000;

/** What a crossing needs, consented to: keys at the end of the env file, files where the new version looks for them. */
export const editEnv: Step<World, null, EditEnvUndo> = {
  async prepare({ host, facts }) {
    const { envEdits, copies } = facts.options;
    const named = facts.installation.envFile;
    const missing: string[] = [];
    for (const { to } of copies) if ((await host.files.stat(to)) === undefined) missing.push(to);
    if (named === undefined || envEdits.length === 0) return { before: null, missing };
    // The file behind a link: the link has mode 0777, and a rename over it would replace it.
    const path = await host.files.realPath(named);
    const text = await envText(host.files, path);
    const { mode = 0o600, uid = 0, gid = 0 } = (await host.files.stat(path)) ?? {};
    return { before: { path, text, mode, uid, gid }, missing };
  },

  async change({ host, facts, layout, run }, _input, { before, missing }) {
    for (const { from, to } of facts.options.copies) {
      if (!missing.includes(to) || (await host.files.stat(from)) === undefined) continue;
      await host.commands.must(['cp', '-a', '--no-target-directory', '--', from, to], { timeoutMs: COPY_TIMEOUT_MS });
      await host.files.syncTree(to);
      await host.files.sync(posix.dirname(to));
    }
    if (before !== null) {
      const additions = new Map(facts.options.envEdits.map(({ key, value }) => [key, value]));
      const { text } = addKeys(before.path, before.text, additions);
      await layout.rewrite({ ...before, text }, run.part);
    }
    return { keys: facts.options.envEdits.map(({ key }) => key), copied: missing };
  },

  async revert({ host, layout, run }, _input, { before, missing }) {
    for (const path of missing) {
      if ((await host.files.stat(path)) === undefined) continue;
      await host.files.removeTree(path);
      await host.files.sync(posix.dirname(path));
    }
    if (before !== null) await layout.rewrite(before, run.part);
  },
};
