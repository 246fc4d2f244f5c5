import { BoundedBytes } from './bounded-bytes.ts';
import type { CommandResult } from './commands.ts';
import { type ChildStart, MAX_OUTPUT, startChild } from './live-child.ts';

/** Runs a child to its end. Rejects with the errno if it cannot be started, with what `onOutput` threw, and with `stop`'s reason if that killed it. */
export async function runChild(start: ChildStart): Promise<CommandResult> {
  const { stop, onOutput, maxOutput = MAX_OUTPUT } = start.options;
  const started = performance.now();
  const child = startChild(start);
  const stdout = new BoundedBytes(maxOutput, 'first');
  const take = onOutput ?? ((part: Buffer) => stdout.push(part));
  // What is thrown out of a stream's event has nobody to catch it, and would end this process in the middle of a run.
  let broken: { readonly error: unknown } | undefined;
  child.stdout.on('data', (part: Buffer) => {
    if (broken !== undefined) return;
    try {
      take(part);
    } catch (error) {
      broken = { error };
      child.kill();
    }
  });
  try {
    const [exitCode, signal] = await child.ended;
    if (broken !== undefined) throw broken.error;
    stop?.throwIfAborted();
    await child.fed;
    const ms = performance.now() - started;
    const output = { stdout: stdout.toString(), stderr: child.stderr.toString() };
    return { exitCode: exitCode ?? undefined, signal: signal ?? undefined, timedOut: child.timedOut(), ...output, ms };
  } finally {
    child.forget();
  }
}
