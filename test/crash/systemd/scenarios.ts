import type { Place, Whose } from '../injection.ts';
import type { Sampled } from '../matrix.ts';
import { FAILING, NEW } from './host.ts';

/** A host as it lies there before a trial, made once. */
export interface Start {
  readonly name: string;
  readonly to: string;
  /** What was typed after the stages before the window; nothing where that is what the trial does. */
  readonly typed?: 'resume' | 'swap';
  /** Where its worker died; absent: it paused as it was told to. */
  readonly killedAfter?: Place;
}

export interface GuardScenario extends Sampled {
  readonly start: Start;
  /** Whose effects are the points: of the worker that `resume` starts, or of the one that the guard does. */
  readonly whose: Whose;
  readonly ends: 'committed' | 'restored';
  /** Only its effects from this one on, and up to that one. */
  readonly from?: RegExp;
  readonly until?: RegExp;
  /** No copy of refit lies ready. */
  readonly fresh?: boolean;
}

const backedUp: Start = { name: 'backed up', to: NEW };
const ARMED = /^run systemctl .* start -- refit-guard-dockmesh\.timer$/;
const DISMISSED = /^remove .*\/timers\.target\.wants\/refit-guard-dockmesh\.timer$/;

/** Under systemd the window has its guard: from its arming on nobody types anything. */
export const GUARD_SCENARIOS: readonly GuardScenario[] = [
  {
    name: 'the guard is armed',
    start: backedUp,
    whose: 'worker',
    ends: 'committed',
    until: ARMED,
    fresh: true,
    quick: { kills: 1, faults: 1 },
    sample: { kills: 60, faults: 20 },
  },
  {
    name: 'the window under its guard',
    start: backedUp,
    whose: 'worker',
    ends: 'committed',
    from: ARMED,
    until: DISMISSED,
    quick: { kills: 2, faults: 1 },
    sample: { kills: 120, faults: 30 },
  },
  {
    name: 'the guard is dismissed',
    start: backedUp,
    whose: 'worker',
    ends: 'committed',
    from: DISMISSED,
    quick: { kills: 1, faults: 0 },
  },
  {
    name: 'the guard goes on',
    start: { name: 'stopped', to: NEW, typed: 'resume', killedAfter: { pattern: '^run systemctl .*stop', nth: 1 } },
    whose: 'guard',
    ends: 'committed',
    quick: { kills: 2, faults: 1 },
    sample: { kills: 100, faults: 30 },
  },
  {
    name: 'the guard goes back',
    start: { name: 'failing', to: FAILING, typed: 'resume', killedAfter: { pattern: 'health\\.log$', nth: 1 } },
    whose: 'guard',
    ends: 'restored',
    quick: { kills: 0, faults: 0 },
    sample: { kills: 60, faults: 20 },
  },
  {
    name: 'the guard turns a swap back that was left',
    start: { name: 'left', to: NEW, typed: 'swap' },
    whose: 'guard',
    ends: 'restored',
    quick: { kills: 1, faults: 0 },
    sample: { kills: 60, faults: 20 },
  },
  {
    name: 'the guard finds nothing to do',
    start: { name: 'ended', to: NEW, typed: 'resume', killedAfter: { pattern: DISMISSED.source, nth: 1 } },
    whose: 'guard',
    ends: 'committed',
    quick: { kills: 0, faults: 0 },
    sample: { kills: 40, faults: 20 },
  },
];
