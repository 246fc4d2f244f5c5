/** What one program did, round by round. */
export interface Side {
  readonly what: string;
  readonly samples: readonly number[];
  readonly median: number;
}

/** One comparison and its verdict: `value` against `limit`, both in `unit`. */
export interface Measure {
  readonly name: string;
  /** The target in words. */
  readonly target: string;
  readonly unit: 'ms' | '%' | 'MB';
  readonly value: number;
  readonly limit: number;
  readonly met: boolean;
  /** Of the data it was measured with. */
  readonly bytes?: number;
  /** Refit first, then what it is compared with; samples in milliseconds, but for memory (MB). */
  readonly sides: readonly Side[];
}

/** What `--json` prints, one line each. */
export interface Report {
  readonly bench: string;
  /** How it was measured: sizes, places, what ran where. */
  readonly notes: readonly string[];
  readonly measures: readonly Measure[];
}

/** Of an even number, the mean of the middle two. */
export function median(samples: readonly number[]): number {
  const sorted = samples.toSorted((a, b) => a - b);
  const upper = sorted[Math.trunc(sorted.length / 2)];
  const lower = sorted[Math.trunc((sorted.length - 1) / 2)];
  if (upper === undefined || lower === undefined) throw new Error('Cannot take the median of no samples');
  return (lower + upper) / 2;
}

export function side(what: string, samples: readonly number[]): Side {
  return { what, samples, median: median(samples) };
}

/** Takes no longer than the other: `times` its median and `plus` milliseconds. */
export function noLonger(name: string, ours: Side, peer: Side, { times = 1, plus = 0 }): Measure {
  const factor = times === 1 ? '' : `${times} x `;
  return {
    name,
    target: `at most ${factor}${peer.what} + ${plus} ms`,
    unit: 'ms',
    value: ours.median,
    limit: times * peer.median + plus,
    met: ours.median <= times * peer.median + plus,
    sides: [ours, peer],
  };
}

/** Takes at most so many milliseconds. */
export function within(name: string, ours: Side, limit: number): Measure {
  const { median } = ours;
  return { name, target: `at most ${limit} ms`, unit: 'ms', value: median, limit, met: median <= limit, sides: [ours] };
}

/** Is at least `percent` as fast, for the same amount of work. */
export function asFast(name: string, ours: Side, peer: Side, percent: number): Measure {
  const value = (100 * peer.median) / ours.median;
  const target = `at least ${percent} % of the speed of ${peer.what}`;
  return { name, target, unit: '%', value, limit: percent, met: value >= percent, sides: [ours, peer] };
}

/** Never took more: the largest sample counts, not the median. */
export function below(name: string, ours: Side, limit: number): Measure {
  const value = Math.max(...ours.samples);
  return { name, target: `below ${limit} MB`, unit: 'MB', value, limit, met: value < limit, sides: [ours] };
}

/** Every side once a round, in turn forwards and backwards, so that what disturbs the machine disturbs all of them. */
export async function interleave<Name extends string>(
  rounds: number,
  sides: Readonly<Record<Name, () => Promise<number>>>,
): Promise<Readonly<Record<Name, readonly number[]>>> {
  const names = Object.keys(sides) as Name[];
  const samples = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<Name, number[]>;
  for (let round = 0; round < rounds; round += 1) {
    for (const name of round % 2 === 0 ? names : names.toReversed()) samples[name].push(await sides[name]());
  }
  return samples;
}
