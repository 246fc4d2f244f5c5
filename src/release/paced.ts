import type { Clock } from '../host/clock.ts';

/**
 * The same bytes, no faster than that. Whoever sends them is made to wait, since nobody reads; what a silence left unused is not
 * made up for afterwards, or a limit would be none on a line that others need too.
 */
export async function* paced(
  body: AsyncIterable<Uint8Array>,
  clock: Pick<Clock, 'monotonic' | 'sleep'>,
  bytesPerSecond: number,
  stop: AbortSignal | undefined,
): AsyncGenerator<Uint8Array> {
  let due = clock.monotonic();
  for await (const chunk of body) {
    yield chunk;
    const now = clock.monotonic();
    due = Math.max(due, now) + (chunk.length / bytesPerSecond) * 1000;
    await clock.sleep(due - now, stop);
  }
}
