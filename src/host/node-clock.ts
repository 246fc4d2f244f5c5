import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from './clock.ts';

export const nodeClock: Clock = {
  now: () => new Date(),
  // CLOCK_MONOTONIC, which all processes of a boot share; performance.now() begins anew with each process.
  monotonic: () => Number(process.hrtime.bigint() / 1_000n) / 1_000,
  async sleep(ms, stop) {
    stop?.throwIfAborted();
    try {
      await setTimeout(ms, undefined, stop === undefined ? {} : { signal: stop });
    } catch (cause) {
      // Node rejects with an AbortError of its own; who stopped us said more in the reason.
      throw stop?.aborted ? stop.reason : cause;
    }
  },
  random: (bytes) => randomBytes(bytes).toString('hex'),
};
