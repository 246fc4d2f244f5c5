import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { BoundedBytes } from './bounded-bytes.ts';
import type { Argv, CommandOptions } from './commands.ts';
import { errnoOf } from './errno.ts';
import { throttle } from './throttle.ts';

export const MAX_OUTPUT = 1024 * 1024;
/** A process that left its session keeps our pipes open after the group was killed; it is not waited for longer. */
const PIPES_AFTER_KILL_MS = 1000;

/** `argv` is final: wrapped, absolute. The environment is final too. */
export interface ChildStart {
  readonly argv: Argv;
  readonly environment: Readonly<Record<string, string>>;
  readonly ids: { readonly uid?: number; readonly gid?: number };
  readonly options: CommandOptions;
}

/** A child that was started, with its deadline and its stop running. */
export interface LiveChild {
  readonly stdout: Readable;
  readonly stderr: BoundedBytes;
  /** Rejects with the errno where it could not be started. */
  readonly ended: Promise<[code: number | null, signal: NodeJS.Signals | null]>;
  /** Rejects with what `input` threw; the child is killed then. */
  readonly fed: Promise<void>;
  timedOut(): boolean;
  /** Kills it and all of its group. */
  kill(): void;
  /** To be called at the end, whatever that was. */
  forget(): void;
}

/** Not by execa: of all it does only the start was left to it, and loading it cost each command 20 ms [measured with 10.2.1]. */
export function startChild({ argv, environment, ids, options }: ChildStart): LiveChild {
  const { timeoutMs, stop, input, cwd, maxOutput = MAX_OUTPUT, bytesPerSecond } = options;
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
  const ended = once(child, 'close') as LiveChild['ended'];
  const stderr = new BoundedBytes(maxOutput, 'last');
  child.stderr.on('data', (part: Buffer) => stderr.push(part));

  let timedOut = false;
  let letGo: NodeJS.Timeout | undefined;
  const kill = () => {
    if (child.pid === undefined) return;
    killGroup(child.pid);
    letGo ??= setTimeout(() => {
      child.stdout.destroy();
      child.stderr.destroy();
    }, PIPES_AFTER_KILL_MS);
  };
  const deadline = setTimeout(() => {
    timedOut = true;
    kill();
  }, timeoutMs);
  stop?.addEventListener('abort', kill, { once: true });
  const fed = feed(child.stdin, input, kill);
  // Awaited by whoever uses the child; until then it must not count as unhandled.
  fed.catch(() => undefined);
  return {
    stdout: child.stdout,
    stderr,
    ended,
    fed,
    kill,
    timedOut: () => timedOut,
    forget() {
      endPace?.();
      clearTimeout(deadline);
      clearTimeout(letGo);
      stop?.removeEventListener('abort', kill);
    },
  };
}

async function feed(stdin: Writable | null, input: CommandOptions['input'], kill: () => void): Promise<void> {
  if (stdin === null || input === undefined) return;
  // A child may end, or close its input, before it has read all of it: its exit says how it went.
  if (typeof input === 'string' || input instanceof Uint8Array) {
    stdin.on('error', () => undefined).end(input);
    return;
  }
  let broken: unknown;
  try {
    await pipeline(
      noting(input, (error) => (broken = error)),
      stdin,
    );
  } catch {
    if (broken === undefined) return;
    kill();
    throw broken;
  }
}

/** Tells what went wrong with the source from what went wrong with the pipe. */
async function* noting(input: AsyncIterable<Uint8Array>, note: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of input) yield part;
  } catch (error) {
    note(error);
    throw error;
  }
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, 'SIGKILL');
  } catch (cause) {
    if (errnoOf(cause) !== 'ESRCH') throw cause;
  }
}
