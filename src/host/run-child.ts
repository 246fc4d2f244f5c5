import { BoundedBytes } from './bounded-bytes.ts';
import type { Argv, CommandOptions, CommandResult } from './commands.ts';
import { errnoOf } from './errno.ts';

const MAX_OUTPUT = 1024 * 1024;
/** A process that left its session keeps our pipes open after the group was killed; it is not waited for longer. */
const PIPES_AFTER_KILL_MS = 1000;

/** `argv` is final: wrapped, absolute. The environment is final too. */
export interface ChildStart {
  readonly argv: Argv;
  readonly environment: Readonly<Record<string, string>>;
  readonly ids: { readonly uid?: number; readonly gid?: number };
  readonly options: CommandOptions;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (cause) {
    if (errnoOf(cause) !== 'ESRCH') throw cause;
  }
}

/** Runs a child to its end. Rejects with the errno if it cannot be started, and with `stop`'s reason if that killed it. */
export async function runChild({ argv, environment, ids, options }: ChildStart): Promise<CommandResult> {
  const { execa } = await import('execa');
  const { timeoutMs, stop, input, cwd, maxOutput = MAX_OUTPUT } = options;
  const started = performance.now();
  const [program, ...args] = argv;
  const child = execa(program, args, {
    env: environment,
    extendEnv: false,
    detached: true,
    cleanup: false,
    reject: false,
    buffer: false,
    ...ids,
    ...(cwd === undefined ? {} : { cwd }),
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  const stdout = new BoundedBytes(maxOutput, 'first');
  const stderr = new BoundedBytes(maxOutput, 'last');
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));

  let timedOut = false;
  let letGo: NodeJS.Timeout | undefined;
  const kill = () => {
    if (child.pid === undefined) return;
    killGroup(child.pid);
    letGo = setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, PIPES_AFTER_KILL_MS);
  };
  const deadline = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  stop?.addEventListener('abort', kill, { once: true });
  try {
    const result = await child;
    if (child.pid === undefined) throw result.cause ?? new Error(`Cannot start ${program}`);
    stop?.throwIfAborted();
    const { exitCode, signal } = result;
    const ms = performance.now() - started;
    return { exitCode, signal, timedOut, stdout: stdout.toString(), stderr: stderr.toString(), ms };
  } finally {
    clearTimeout(deadline);
    clearTimeout(letGo);
    stop?.removeEventListener('abort', kill);
  }
}
