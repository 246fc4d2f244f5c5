import type { Mutation } from '../support/mutant.ts';
import { faultPoints, idOf, isEvent, killPoints, type Point, spread, type Traced } from './points.ts';
import type { Scenario } from './scenarios.ts';
import { buildScene } from './scene.ts';
import { makeSlot, type Slot } from './slot.ts';
import { runTrial, traceOf, type Verdict } from './trial.ts';

export interface MatrixOptions {
  /** An empty directory for it. */
  readonly directory: string;
  readonly scenarios: readonly Scenario[];
  readonly choose: (scenario: Scenario, effects: readonly Traced[]) => readonly Point[];
  /** Trials at a time. */
  readonly jobs: number;
  readonly mutation?: Mutation | undefined;
  readonly onTrial?: (trial: Trial) => void;
}

export interface Trial {
  readonly scenario: Scenario;
  /** Undefined: nothing was done to it. */
  readonly point: Point | undefined;
  readonly verdict: Verdict;
}

export interface MatrixResult {
  /** Effects of the clean run of the first scenario. */
  readonly effects: number;
  readonly killPoints: number;
  readonly faults: number;
  readonly bad: readonly Trial[];
}

/** Runs the trials; each has a place of its own, and there are as many places as jobs. */
export async function runMatrix(options: MatrixOptions): Promise<MatrixResult> {
  const { directory, scenarios, choose, jobs, mutation, onTrial } = options;
  const scene = await buildScene(directory, mutation);
  const slots = new Queue(await Promise.all(Array.from({ length: jobs }, (_, n) => makeSlot(scene, `slot-${n + 1}`))));
  let effects = 0;
  const trials: Trial[] = [];
  const note = (trial: Trial) => {
    trials.push(trial);
    onTrial?.(trial);
  };
  for (const scenario of scenarios) {
    const { effects: traced, verdict } = await slots.with((slot) => traceOf(slot, scenario));
    note({ scenario, point: undefined, verdict });
    effects ||= traced.length;
    // What goes wrong by itself needs no crash.
    if (verdict.problems.length > 0) continue;
    const points = choose(scenario, traced);
    await Promise.all(
      points.map((point) =>
        slots.with(async (slot) => note({ scenario, point, verdict: await runTrial(slot, scenario, point) })),
      ),
    );
  }
  const reached = trials.filter(({ verdict }) => verdict.reached).flatMap(({ point }) => point ?? []);
  return {
    effects,
    killPoints: reached.filter(({ what }) => 'kill' in what).length,
    faults: reached.filter(({ what }) => 'fail' in what).length,
    bad: trials.filter(({ verdict }) => verdict.problems.length > 0),
  };
}

/** Lends the slots out, first come, first served. */
class Queue {
  readonly #free: Slot[];
  readonly #waiting: ((slot: Slot) => void)[] = [];

  constructor(slots: readonly Slot[]) {
    this.#free = [...slots];
  }

  async with<T>(act: (slot: Slot) => Promise<T>): Promise<T> {
    const slot = this.#free.pop() ?? (await new Promise<Slot>((resolve) => this.#waiting.push(resolve)));
    try {
      return await act(slot);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(slot);
      else next(slot);
    }
  }
}

/** A sample of them, the same each time. */
export function quickly(scenario: Scenario, effects: readonly Traced[]): readonly Point[] {
  return sampled(effects, scenario.quick);
}

/** Everything, or as much of it as the scenario says. */
export function wholly({ sample }: Scenario, effects: readonly Traced[]): readonly Point[] {
  return sampled(effects, sample ?? { kills: Number.POSITIVE_INFINITY, faults: Number.POSITIVE_INFINITY });
}

/** One event in twenty: nothing depends on them, and every record makes one. */
const EVENTS = 20;

function sampled(effects: readonly Traced[], { kills, faults }: Scenario['quick']): readonly Point[] {
  const events = effects.filter(isEvent);
  const others = effects.filter((effect) => !isEvent(effect));
  return [
    ...spread(killPoints(others), kills),
    ...spread(killPoints(events), kills / EVENTS),
    ...spread(faultPoints(others), faults),
    ...spread(faultPoints(events), faults / EVENTS),
  ];
}

/** The one point of that name. */
export function only(id: string): MatrixOptions['choose'] {
  return (_, effects) => [...killPoints(effects), ...faultPoints(effects)].filter((point) => idOf(point) === id);
}
