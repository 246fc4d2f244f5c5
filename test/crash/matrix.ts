import { faultPoints, idOf, isEvent, killPoints, type Point, spread, type Traced } from './points.ts';
import type { Undisturbed, Verdict } from './verdict.ts';

/** How many kill points are taken, and how many faults. */
export interface Sample {
  readonly kills: number;
  readonly faults: number;
}

/** What the matrix knows of a scenario. */
export interface Sampled {
  readonly name: string;
  /** What --quick takes; it leaves a scenario out of which it takes nothing. */
  readonly quick: Sample;
  /** What the whole matrix takes; everything where absent. */
  readonly sample?: Sample;
}

/** A place for one trial at a time. */
export interface Arena<S> {
  /** The scenario as it is when nothing disturbs it. */
  trace(scenario: S): Promise<Undisturbed>;
  /** One point of it: what is wrong after it, when it should be well again. */
  trial(scenario: S, point: Point): Promise<Verdict>;
}

export type Choice = (scenario: Sampled, effects: readonly Traced[]) => readonly Point[];

export interface MatrixOptions<S extends Sampled> {
  readonly scenarios: readonly S[];
  /** As many trials at a time as there are. */
  readonly arenas: readonly Arena<S>[];
  readonly choose: Choice;
  readonly onTrial?: (trial: Trial) => void;
}

export interface Trial {
  readonly scenario: Sampled;
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

/** Runs the trials; each has an arena to itself. */
export async function runMatrix<S extends Sampled>(options: MatrixOptions<S>): Promise<MatrixResult> {
  const { scenarios, choose, onTrial } = options;
  const arenas = new Queue(options.arenas);
  let effects = 0;
  const trials: Trial[] = [];
  const note = (trial: Trial) => {
    trials.push(trial);
    onTrial?.(trial);
  };
  for (const scenario of scenarios) {
    const { effects: traced, verdict } = await arenas.with((arena) => arena.trace(scenario));
    note({ scenario, point: undefined, verdict });
    effects ||= traced.length;
    // What goes wrong by itself needs no crash.
    if (verdict.problems.length > 0) continue;
    const points = choose(scenario, traced);
    await Promise.all(
      points.map((point) =>
        arenas.with(async (arena) => note({ scenario, point, verdict: await arena.trial(scenario, point) })),
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

/** Lends them out, first come, first served. */
class Queue<A> {
  readonly #free: A[];
  readonly #waiting: ((one: A) => void)[] = [];

  constructor(all: readonly A[]) {
    this.#free = [...all];
  }

  async with<T>(act: (one: A) => Promise<T>): Promise<T> {
    const one = this.#free.pop() ?? (await new Promise<A>((resolve) => this.#waiting.push(resolve)));
    try {
      return await act(one);
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free.push(one);
      else next(one);
    }
  }
}

/** A sample of them, the same each time. */
export const quickly: Choice = ({ quick }, effects) => sampled(effects, quick);

/** Everything, or as much of it as the scenario says. */
export const wholly: Choice = ({ sample }, effects) =>
  sampled(effects, sample ?? { kills: Number.POSITIVE_INFINITY, faults: Number.POSITIVE_INFINITY });

/** One event in twenty: nothing depends on them, and every record makes one. */
const EVENTS = 20;

function sampled(effects: readonly Traced[], { kills, faults }: Sample): readonly Point[] {
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
export function only(id: string): Choice {
  return (_, effects) => [...killPoints(effects), ...faultPoints(effects)].filter((point) => idOf(point) === id);
}
