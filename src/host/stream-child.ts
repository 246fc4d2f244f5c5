import type { CommandResult } from './commands.ts';
import { type ChildStart, startChild } from './live-child.ts';
import { reclaimer } from './reclaim.ts';

/** Much sooner than of a download: whoever compresses what comes makes another buffer of each, and they live long enough to grow old. */
const MAJOR_EVERY = 16 * 1024 * 1024;

/**
 * A child's output, as it comes and no faster than it is taken; then how it ended. A reader that goes away kills it. Rejects
 * as `runChild` does.
 */
export async function* streamChild(start: ChildStart): AsyncGenerator<Uint8Array, CommandResult> {
  const { stop } = start.options;
  const started = performance.now();
  const child = startChild(start);
  const reclaim = reclaimer(MAJOR_EVERY);
  // Said by the reading below, or by the end that is awaited after it.
  child.ended.catch(() => undefined);
  let isOver = false;
  try {
    for await (const part of child.stdout as AsyncIterable<Uint8Array>) {
      yield part;
      reclaim(part.length);
    }
    const [exitCode, signal] = await child.ended;
    isOver = true;
    stop?.throwIfAborted();
    await child.fed;
    const ms = performance.now() - started;
    const said = { stdout: '', stderr: child.stderr.toString() };
    return { exitCode: exitCode ?? undefined, signal: signal ?? undefined, timedOut: child.timedOut(), ...said, ms };
  } finally {
    if (!isOver) child.kill();
    child.forget();
  }
}
