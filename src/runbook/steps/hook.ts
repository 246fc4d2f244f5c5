import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { CommandResult } from '../../host/commands.ts';
import { type Ids, idsOf } from '../account.ts';
import { type Facts, targetVersion } from '../facts.ts';
import type { PlannedHook } from '../hooks.ts';
import { SAFE_PATH } from '../safe-path.ts';
import { duration } from '../words.ts';
import type { World } from '../world.ts';

/** Kept of what a hook prints. */
const MAX_OUTPUT = 64 * 1024;

/** A command of the operator's own. What it does outside of the product is theirs to undo, with `undo`. */
export const hook: Step<World, PlannedHook, null> = {
  prepare: async () => null,
  async change(world, planned, _undo, stop) {
    const wrong = await failureOf(world, planned, planned.run, stop);
    if (wrong === undefined) return { hook: planned.name };
    const message = `the hook ${planned.name} (${planned.run[0]}) ${wrong}`;
    if (planned.onFailure === 'abort') {
      throw new RefitError('E_HOOK_FAILED', `Cannot go on: ${message}`, {
        hint: `Mend it, or let it warn: hooks, ${planned.name}, on_failure in the profile`,
      });
    }
    world.report({ kind: 'note', text: `warning: ${message}` });
    return { hook: planned.name, warning: message };
  },
  async revert(world, planned) {
    if (planned.undo === null) return;
    const wrong = await failureOf(world, planned, planned.undo);
    // The product goes back whatever becomes of it: a pager that cannot be reached must not leave a server half restored.
    if (wrong === undefined) return;
    world.report({ kind: 'note', text: `warning: what undoes the hook ${planned.name} (${planned.undo[0]}) ${wrong}` });
  },
};

/** How the command failed; undefined where it ended with 0. */
async function failureOf(
  { host, facts, run }: World,
  { user, timeoutMs }: PlannedHook,
  argv: readonly string[],
  stop?: AbortSignal,
): Promise<string | undefined> {
  const [program = '', ...words] = argv;
  try {
    const ids = user === null ? {} : await accountOf(host, user);
    const result = await host.commands.run([program, ...words], {
      timeoutMs,
      cwd: '/',
      env: environmentOf(facts, run.id),
      maxOutput: MAX_OUTPUT,
      ...ids,
      ...(stop === undefined ? {} : { stop }),
    });
    return wordsOf(result, timeoutMs);
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    return `could not be started: ${error.message}`;
  }
}

function wordsOf({ exitCode, signal, timedOut, stderr, stdout }: CommandResult, timeoutMs: number): string | undefined {
  if (exitCode === 0 && !timedOut) return undefined;
  const last = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
  const how = timedOut
    ? `was not done within ${duration(timeoutMs)}`
    : exitCode === undefined
      ? `was ended by ${signal}`
      : `ended with exit code ${exitCode}`;
  return last === '' ? how : `${how}: ${last}`;
}

function environmentOf({ installation, target, ...facts }: Facts, run: string): Readonly<Record<string, string>> {
  return {
    PATH: SAFE_PATH,
    LANG: 'C.UTF-8',
    REFIT_RUN: run,
    REFIT_INSTALLATION: installation.name,
    REFIT_PURPOSE: target.kind === 'generation' ? 'rollback' : 'upgrade',
    REFIT_FROM: installation.version,
    REFIT_TO: targetVersion({ ...facts, installation, target }),
  };
}

async function accountOf({ commands }: World['host'], user: string): Promise<Ids> {
  const ids = await idsOf(commands, user);
  if (ids !== undefined) return ids;
  throw new RefitError('E_HOOK_FAILED', `Cannot find the user ${user} on this host`);
}
