import type { PastRun } from './past-run.ts';

/** How long a plan is going to take, as far as that can be known. */
export type Estimate = {
  readonly seconds: number;
  /** Without service; null where nothing tells. */
  readonly windowMs: number | null;
  /** What it is taken from, in words. */
  readonly because: string;
};

export interface EstimateInput {
  /** Of the plan's steps. */
  readonly kinds: readonly string[];
  /** How many such runs in a row the plan is. */
  readonly hops: number;
  /** Runs of the same kind on this installation, newest first. */
  readonly past: readonly PastRun[];
  readonly dataBytes: number;
  /** How fast the data could be read when this was planned; undefined: it was not tried, or there is none. */
  readonly bytesPerSecond: number | undefined;
  /** How long the new version is watched at least. */
  readonly soakMs: number;
}

/** Runs that are looked at: the newest. */
export const LAST = 5;
/** What takes longer the more data there is. Each reads it and writes it, at least. */
const BY_SIZE = ['snapshot', 'rehearse', 'stage-data', 'hot-copy', 'prove-copy', 'archive', 'unpack-archive'];
const READ_AND_WRITTEN = 2;
/** Below it a step takes as long as it takes to begin it: nothing can be learned from that about a large one. */
const SMALL_BYTES = 2 ** 20;
/** How long somebody chose to wait says nothing of the next run. */
const CHOSEN = 'await-window';

/** The median of the last few runs here; else from how fast the data can be read. Undefined where neither tells. Pure. */
export function estimate(input: EstimateInput): Estimate | undefined {
  const { kinds, hops, dataBytes, bytesPerSecond, soakMs } = input;
  const runs = input.past.filter((run) => isComparable(run, dataBytes)).slice(0, LAST);
  if (runs.length > 0) {
    const windows = runs.flatMap(({ windowMs }) => windowMs ?? []);
    return {
      seconds: rounded((hops * median(runs.map((run) => msOf(run, kinds, dataBytes)))) / 1_000),
      windowMs: windows.length === 0 ? null : Math.round(hops * median(windows)),
      because: runs.length === 1 ? 'as in the last run' : `as in the last ${runs.length} runs`,
    };
  }
  if (bytesPerSecond === undefined) return undefined;
  const passes = kinds.filter((kind) => BY_SIZE.includes(kind)).length * READ_AND_WRITTEN;
  return {
    seconds: rounded((passes * dataBytes) / bytesPerSecond + (hops * soakMs) / 1_000),
    windowMs: null,
    because: 'from how fast its data can be read: no such run here yet',
  };
}

function isComparable({ dataBytes }: PastRun, now: number): boolean {
  return dataBytes === undefined || dataBytes >= SMALL_BYTES || now <= SMALL_BYTES;
}

/** What the steps of this plan took then, for as much data as there is now. */
function msOf({ stepMs, dataBytes }: PastRun, kinds: readonly string[], now: number): number {
  const scale = dataBytes === undefined || dataBytes < SMALL_BYTES ? 1 : now / dataBytes;
  return [...new Set(kinds)]
    .filter((kind) => kind !== CHOSEN)
    .reduce((sum, kind) => sum + (stepMs.get(kind) ?? 0) * (BY_SIZE.includes(kind) ? scale : 1), 0);
}

function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  const half = Math.floor(sorted.length / 2);
  const [low = 0, high = 0] = [sorted[sorted.length % 2 === 1 ? half : half - 1], sorted[half]];
  return (low + high) / 2;
}

/** An estimate that says 183.4 claims to know more than it does. */
function rounded(seconds: number): number {
  return seconds < 10 ? Math.max(1, Math.round(seconds)) : Number(seconds.toPrecision(2));
}
