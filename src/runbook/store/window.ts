import type { JournalRecord } from '../../engine/record.ts';
import type { RunState } from '../../engine/replay.ts';

/**
 * From the moment the old version was told to stop until one answered. Forward, the start step measured it on a clock that
 * never jumps; on the way back, and where a worker died or a boot lay between, the journal's own times tell.
 */
export function windowOf(
  state: RunState,
  records: readonly JournalRecord[],
  times: readonly Date[],
): number | undefined {
  const indexOf = (kind: string): number => state.places.findLast(({ step }) => step.kind === kind)?.index ?? -1;
  const [stop, start] = [indexOf('stop'), indexOf('start')];
  const measured = state.steps[start]?.output;
  const forward = state.steps[stop]?.status !== 'undone';
  // A second try measured from itself: the service had been stopped by the first.
  const again = records.some((record) => record.type === 'try' && record.phase === 'change' && record.step === stop);
  if (forward && !again && typeof measured === 'object' && measured !== null && 'windowMs' in measured) {
    const { windowMs } = measured as { readonly windowMs?: unknown };
    if (typeof windowMs === 'number') return windowMs;
  }
  const from = timeOf(records, times, (record) => record.type === 'step.begin' && record.step === stop);
  const until = timeOf(records, times, (record) =>
    forward ? record.type === 'step.end' && record.step === start : record.type === 'undo.end' && record.step === stop,
  );
  return from === undefined || until === undefined ? undefined : Math.max(0, until - from);
}

function timeOf(
  records: readonly JournalRecord[],
  times: readonly Date[],
  is: (record: JournalRecord) => boolean,
): number | undefined {
  return times[records.findIndex(is)]?.getTime();
}
