import type { JournalRecord } from '../engine/record.ts';
import type { RunState } from '../engine/replay.ts';
import { onceReturned } from './outputs.ts';

/** How long an earlier run took, step by step, as its journal tells. */
export interface PastRun {
  /** By kind of step, in milliseconds: its change, and what it did after the commit. */
  readonly stepMs: ReadonlyMap<string, number>;
  /** How long the service was away; undefined where that is not known. */
  readonly windowMs: number | undefined;
  /** What was copied while the service ran; undefined where nothing was. */
  readonly dataBytes: number | undefined;
}

/**
 * By the wall clock of the journal, from a step's last try to its end: pauses lie between steps, and what a worker was killed in is
 * begun anew. Undefined where the clock went back meanwhile.
 */
export function pastRun(
  state: RunState,
  { records, times }: { readonly records: readonly JournalRecord[]; readonly times: readonly Date[] },
  windowMs: number | undefined,
): PastRun | undefined {
  const stepMs = new Map<string, number>();
  let begunAt = Number.NaN;
  for (const [n, record] of records.entries()) {
    const at = times[n]?.getTime() ?? Number.NaN;
    if (record.type === 'step.begin' || record.type === 'try') begunAt = at;
    if (record.type !== 'step.end' && record.type !== 'discard.end') continue;
    // What has nothing to do after the commit is not tried for it.
    if (record.type === 'discard.end' && records[n - 1]?.type !== 'try') continue;
    const kind = state.places[record.step]?.step.kind ?? '';
    const ms = at - begunAt;
    if (!(ms >= 0)) return undefined;
    stepMs.set(kind, (stepMs.get(kind) ?? 0) + ms);
  }
  const { bytes } = (onceReturned(state, 'hot-copy') ?? {}) as { readonly bytes?: unknown };
  return { stepMs, windowMs, dataBytes: typeof bytes === 'number' ? bytes : undefined };
}
