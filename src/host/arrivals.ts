import type { Readable } from 'node:stream';

/** Waiting to be read; beyond it the sender is made to wait. */
const MOST_WAITING = 256 * 1024;

/**
 * What arrives on a stream, from now on, and its error only behind all of it. A stream that is iterated throws away what it holds
 * when the connection breaks: up to 64 KiB of each attempt on a bad line, which may be all that it brought.
 */
export function arrivals(stream: Readable): AsyncIterable<Uint8Array> {
  const waiting: Uint8Array[] = [];
  let held = 0;
  let end: { readonly failure?: unknown } | undefined;
  let wake = (): void => undefined;
  const finish = (how: { readonly failure?: unknown }): void => {
    end ??= how;
    wake();
  };
  stream.on('data', (chunk: Uint8Array) => {
    waiting.push(chunk);
    held += chunk.length;
    if (held >= MOST_WAITING) stream.pause();
    wake();
  });
  stream.on('end', () => finish({}));
  stream.on('error', (failure: unknown) => finish({ failure }));
  stream.on('close', () => finish({ failure: Object.assign(new Error('closed'), { code: 'ECONNRESET' }) }));
  return {
    async *[Symbol.asyncIterator]() {
      for (;;) {
        const chunk = waiting.shift();
        if (chunk !== undefined) {
          held -= chunk.length;
          if (held < MOST_WAITING && stream.isPaused()) stream.resume();
          yield chunk;
        } else if (end !== undefined) {
          if ('failure' in end) throw end.failure;
          return;
        } else {
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      }
    },
  };
}
