import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { BoundedBytes } from './bounded-bytes.ts';
import type { Argv, CommandOptions, CommandResult } from './commands.ts';
import { errnoOf } from './errno.ts';
import { throttle } from './throttle.ts';

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

/**
 * Runs a child to its end. Rejects with the errno if it cannot be started, and with `stop`'s reason if that killed it.
 * Not by execa: of all it does only the start was left to it, and loading it cost each command 20 ms [measured with 10.2.1].
 */
export async function runChild({ argv, environment, ids, options }: ChildStart): Promise<CommandResult> {
  const { timeoutMs, stop, input, cwd, maxOutput = MAX_OUTPUT, bytesPerSecond } = options;
  const started = performance.now();
  const [program, ...args] = argv;
  const child = spawn(program, args, {
    env: environment,
    detached: true,
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...ids,
    ...(cwd === undefined ? {} : { cwd }),
  }) as ChildProcessByStdio<Writable | null, Readable, Readable>;
  if (child.pid !== undefined) options.onStart?.();
  const isPaced = child.pid !== undefined && bytesPerSecond !== undefined;
  const endPace = isPaced ? throttle(child.pid, bytesPerSecond) : undefined;
  const ended = once(child, 'close') as Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  const stdout = new BoundedBytes(maxOutput, 'first');
  const stderr = new BoundedBytes(maxOutput, 'last');
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  // A child may end, or close its input, before it has read all of it: its exit says how it went.
  child.stdin?.on('error', () => undefined).end(input);

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
    // Rejects with the errno where it could not be started.
    const [exitCode, signal] = await ended;
    stop?.throwIfAborted();
    const ms = performance.now() - started;
    const output = { stdout: stdout.toString(), stderr: stderr.toString() };
    return { exitCode: exitCode ?? undefined, signal: signal ?? undefined, timedOut, ...output, ms };
  } finally {
    endPace?.();
    clearTimeout(deadline);
    clearTimeout(letGo);
    stop?.removeEventListener('abort', kill);
  }
}
