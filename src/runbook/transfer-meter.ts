import type { Clock } from '../host/clock.ts';

/** How fast a transfer is now, and how long it will take if that lasts. */
export interface TransferPace {
  readonly bytesPerSecond: number;
  /** Undefined where nobody knows how much it is. */
  readonly remainingMs: number | undefined;
}

/** Long enough to even out a jerky line, short enough to notice that it has become another. */
const WINDOW_MS = 20_000;
const SAMPLE_EVERY_MS = 500;
/** What is known of the first moments is mostly how full the buffers were. */
const KNOWN_AFTER_MS = 1_000;

interface Sample {
  readonly at: number;
  readonly done: number;
}

/** To be told of each step forward; says the pace once it is known. What was there before the first call is no step. */
export function transferMeter(
  clock: Pick<Clock, 'monotonic'>,
): (done: number, total: number | undefined) => TransferPace | undefined {
  let samples: Sample[] = [];
  return (done, total) => {
    const now = { at: clock.monotonic(), done };
    const last = samples.at(-1);
    // It began anew, or is another file.
    if (last !== undefined && done < last.done) samples = [];
    if (last === undefined || samples.length === 0 || now.at - last.at >= SAMPLE_EVERY_MS) samples.push(now);
    while (samples.length > 2 && now.at - (samples[1]?.at ?? 0) >= WINDOW_MS) samples.shift();
    const [first = now] = samples;
    const ms = now.at - first.at;
    if (ms < KNOWN_AFTER_MS || done === first.done) return undefined;
    const bytesPerSecond = Math.round(((done - first.done) / ms) * 1000);
    if (bytesPerSecond === 0) return undefined;
    const remainingMs = total === undefined ? undefined : Math.round(((total - done) / bytesPerSecond) * 1000);
    return { bytesPerSecond, remainingMs };
  };
}
