import type { Step } from '../../engine/step.ts';
import { instantText, requireOpen, waitMs } from '../opening.ts';
import type { World } from '../world.ts';

/** The wall clock may be set while this waits: no sleep is so long that it would be noticed. */
const SLICE_MS = 1_000;

/**
 * Waits until the service may be stopped, by the wall clock: what a person calls 02:00 is what the clock of this host says. Touches
 * nothing, and the guard is armed only later: nothing turns a run that waits here but being too late.
 */
export const awaitWindow: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop) {
    const { facts, host, report } = world;
    const { notBefore } = facts.options;
    const { clock } = host;
    const begunAt = clock.monotonic();
    if (notBefore !== undefined && waitMs(facts.options, clock.now()) > 0) {
      report({ kind: 'note', text: `waiting until ${instantText(notBefore)} with the service running` });
    }
    for (;;) {
      requireOpen(world);
      const left = waitMs(facts.options, clock.now());
      if (left === 0) return { waitedMs: Math.round(clock.monotonic() - begunAt) };
      await clock.sleep(Math.min(SLICE_MS, left), stop);
    }
  },
  revert: async () => undefined,
};
