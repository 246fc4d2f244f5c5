import type { Json } from '../../engine/json.ts';
import type { JournalRecord } from '../../engine/record.ts';
import type { RunState } from '../../engine/replay.ts';

/** What a prober measured, as the journal keeps it. */
export type Seen = {
  readonly readyMs: number;
  /** Null where the profile names no probe for it, or it was never seen away. */
  readonly aliveMs: number | null;
  /** Of the coarser of the two. */
  readonly resolutionMs: number;
};

/** How long the service was away. */
export interface Window {
  /** Until it was ready, as the profile says what that is. */
  readonly readyMs: number;
  /** Until something answered at all; null where that was not measured. */
  readonly aliveMs: number | null;
  /** So much longer or shorter it may have been; null where it is told from the journal. */
  readonly resolutionMs: number | null;
  /** A process of its own that looked from outside; else the worker, from its order to stop on; else the journal's own times. */
  readonly by: 'prober' | 'worker' | 'journal';
}

/** Between two questions of the worker (`await-answer.ts`). */
const WORKER_MS = 10;

/**
 * From the moment the old version was told to stop until one answered. Measured by the prober, or by the start step on a clock
 * that never jumps; on a way back without a prober, and where a worker died or a boot lay between, the journal's own times tell.
 */
export function windowOf(
  state: RunState,
  records: readonly JournalRecord[],
  times: readonly Date[],
): Window | undefined {
  const indexOf = (kind: string): number => state.places.findLast(({ step }) => step.kind === kind)?.index ?? -1;
  const [stop, start] = [indexOf('stop'), indexOf('start')];
  const started = (state.steps[start]?.output ?? undefined) as Started | undefined;
  const forward = state.steps[stop]?.status !== 'undone';
  const seen = forward ? (started?.seen ?? undefined) : seenGoingBack(started, state.steps[stop]?.reverted);
  if (seen !== undefined) return { ...seen, by: 'prober' };
  // A second try measured from itself: the service had been stopped by the first.
  const again = records.some((record) => record.type === 'try' && record.phase === 'change' && record.step === stop);
  if (forward && !again && typeof started?.windowMs === 'number') {
    return { readyMs: started.windowMs, aliveMs: null, resolutionMs: WORKER_MS, by: 'worker' };
  }
  const from = timeOf(records, times, (record) => record.type === 'step.begin' && record.step === stop);
  const until = timeOf(records, times, (record) =>
    forward ? record.type === 'step.end' && record.step === start : record.type === 'undo.end' && record.step === stop,
  );
  if (from === undefined || until === undefined) return undefined;
  return { readyMs: Math.max(0, until - from), aliveMs: null, resolutionMs: null, by: 'journal' };
}

/** Of the windows of several hops: how long the service was away in all, known as badly as the worst of them. */
export function allOf(windows: readonly Window[]): Window | undefined {
  const [first, ...others] = windows;
  return first === undefined ? undefined : others.reduce(both, first);
}

function both(a: Window, b: Window): Window {
  const sum = (x: number | null, y: number | null) => (x === null || y === null ? null : x + y);
  const worst = (['journal', 'worker', 'prober'] as const).find((by) => a.by === by || b.by === by) ?? a.by;
  return {
    readyMs: a.readyMs + b.readyMs,
    aliveMs: sum(a.aliveMs, b.aliveMs),
    resolutionMs: sum(a.resolutionMs, b.resolutionMs),
    by: worst,
  };
}

/** What of its output counts here; a journal of an older refit has less. */
interface Started {
  readonly windowMs?: number | null;
  readonly seen?: Seen | null;
}

/** A version that had answered and was given up after it: away before it, and again after it. */
function seenGoingBack(started: Started | undefined, reverted: Json | undefined): Seen | undefined {
  const back = (reverted ?? undefined) as Seen | undefined;
  if (started === undefined || back === undefined) return back;
  const { seen } = started;
  if (seen === undefined || seen === null) return undefined;
  const alive = seen.aliveMs === null || back.aliveMs === null ? null : seen.aliveMs + back.aliveMs;
  return {
    readyMs: seen.readyMs + back.readyMs,
    aliveMs: alive,
    resolutionMs: seen.resolutionMs + back.resolutionMs,
  };
}

function timeOf(
  records: readonly JournalRecord[],
  times: readonly Date[],
  is: (record: JournalRecord) => boolean,
): number | undefined {
  return times[records.findIndex(is)]?.getTime();
}
