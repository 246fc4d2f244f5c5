import { randomBytes } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import type { Clock } from './clock.ts';

export const nodeClock: Clock = {
  now: () => new Date(),
  monotonic: () => performance.now(),
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
