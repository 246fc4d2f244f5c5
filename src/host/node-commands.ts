import { childArgv } from './child-argv.ts';
import { commandFailed, commandMissing } from './command-error.ts';
import type { Argv, CommandOptions, CommandResult, Commands } from './commands.ts';
import type { Effects } from './effects.ts';
import { errnoOf, fileError, naming } from './errno.ts';
import { findProgram, findWrappers, SYSTEM_PATH, type Wrappers } from './find-program.ts';
import type { ChildStart } from './live-child.ts';
import { startTimeOf } from './process-facts.ts';
import { runChild } from './run-child.ts';
import { spawnDetached } from './spawn-detached.ts';
import { streamChild } from './stream-child.ts';

const ENVIRONMENT = { PATH: SYSTEM_PATH, LANG: 'C.UTF-8' };

async function resolved([program, ...args]: Argv, path: string | undefined, cwd: string | undefined): Promise<Argv> {
  const found = await findProgram(program, path, cwd);
  if (found === undefined) throw commandMissing(program);
  return [found, ...args];
}

/** Someone who is not root cannot even ask for what he has already: setgroups(2) is refused. */
function ids({ uid, gid }: CommandOptions): { uid?: number; gid?: number } {
  const isOurs = process.getuid?.() !== 0 && uid === process.getuid?.() && gid === process.getgid?.();
  if (isOurs) return {};
  return { ...(uid === undefined ? {} : { uid }), ...(gid === undefined ? {} : { gid }) };
}

export function nodeCommands(effects: Effects): Commands {
  let wrappers: Promise<Wrappers> | undefined;

  async function prepare(argv: Argv, options: CommandOptions): Promise<ChildStart> {
    options.stop?.throwIfAborted();
    const environment = options.env ?? ENVIRONMENT;
    const target = await resolved(argv, environment['PATH'], options.cwd);
    wrappers ??= findWrappers();
    const { setpriv } = await wrappers;
    const wrapped = childArgv(
      target,
      { ...ids(options), background: options.background === true },
      await wrappers,
      process.pid,
    );
    return { argv: wrapped, environment, ids: setpriv === undefined ? ids(options) : {}, options };
  }

  /** With the program found, a start fails for want of the working directory, or of processes and memory. */
  const starting = <T>(argv: Argv, cwd: string | undefined, act: () => Promise<T>) =>
    naming(`start ${argv[0]} in ${cwd ?? '.'}`, cwd ?? '.', act);

  async function run(argv: Argv, options: CommandOptions): Promise<CommandResult> {
    const start = await prepare(argv, options);
    return starting(argv, options.cwd, () =>
      effects.run({ kind: 'process', label: `run ${argv.join(' ')}` }, () => runChild(start)),
    );
  }

  return {
    run,
    async query(argv, options) {
      const start = await prepare(argv, options);
      return starting(argv, options.cwd, () => runChild(start));
    },
    async must(argv, options) {
      const result = await run(argv, options);
      if (result.exitCode === 0 && !result.timedOut) return result;
      throw commandFailed(argv, result, options);
    },
    async *stream(argv, options) {
      const start = await prepare(argv, options);
      const result = yield* named(argv, options.cwd, streamChild(start));
      if (result.exitCode !== 0 || result.timedOut) throw commandFailed(argv, result, options);
    },
    async spawnDetached(argv, options) {
      const target = await resolved(argv, options.env['PATH'], options.cwd);
      return starting(argv, options.cwd, () =>
        effects.run({ kind: 'process', label: `start ${argv.join(' ')}` }, () => spawnDetached(target, options)),
      );
    },
    find: (program) => findProgram(program),
    signal: (pid, signal) =>
      naming(`send ${signal} to process ${pid}`, `/proc/${pid}`, () =>
        effects.run({ kind: 'process', label: `send ${signal} to ${pid}` }, async () => sendSignal(pid, signal)),
      ),
    startTimeOf: (pid) => naming(`look at process ${pid}`, `/proc/${pid}`, () => startTimeOf(pid)),
  };
}

/** As `naming`, of what a generator meets. */
async function* named<T, R>(argv: Argv, cwd: string | undefined, parts: AsyncGenerator<T, R>): AsyncGenerator<T, R> {
  try {
    return yield* parts;
  } catch (cause) {
    throw fileError(`start ${argv[0]} in ${cwd ?? '.'}`, cwd ?? '.', cause);
  }
}

function sendSignal(pid: number, signal: NodeJS.Signals): boolean {
  // 0 is our own group and -1 everybody: a pid file that reads as nothing must not kill the host.
  if (!Number.isSafeInteger(pid) || pid < 2) throw new Error(`internal error: process id ${pid}`);
  try {
    return process.kill(pid, signal);
  } catch (cause) {
    if (errnoOf(cause) === 'ESRCH') return false;
    throw cause;
  }
}
