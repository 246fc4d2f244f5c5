import type { JournalRecord } from '../../engine/record.ts';
import type { RunState } from '../../engine/replay.ts';
import type { Host } from '../../host/host.ts';
import type { RunPaths } from '../store/paths.ts';
import type { Progress } from '../world.ts';

/** One line of a run's event file: what viewers show. `seq` is gapless within a run, over all its workers. */
export type RunEvent = { readonly seq: number; readonly at: string } & (
  | { readonly type: 'worker.start'; readonly pid: number; readonly by: string }
  | {
      readonly type: 'run.begin';
      readonly installation: string;
      readonly from: string;
      readonly to: string;
      readonly steps: number;
    }
  | {
      readonly type: 'step.begin' | 'step.end' | 'undo.end' | 'discard.end';
      readonly step: number;
      readonly stage: string;
      readonly title: string;
    }
  | {
      readonly type: 'step.fail' | 'undo.fail' | 'discard.fail';
      readonly step: number;
      readonly title: string;
      readonly code: string;
      readonly message: string;
    }
  | { readonly type: 'run.turn'; readonly reason: string }
  /** With what a step paused it for. */
  | { readonly type: 'run.pause'; readonly reason: string; readonly code?: string; readonly message?: string }
  | { readonly type: 'hop.commit'; readonly to: string }
  | { readonly type: 'run.end'; readonly outcome: string }
  | { readonly type: 'progress'; readonly progress: Progress }
);

type Body<T = RunEvent> = T extends unknown ? Omit<T, 'seq' | 'at'> : never;

export interface EventLog {
  write(event: Body): void;
  /** Resolves when everything written so far is in the file. */
  flush(): Promise<void>;
}

/** Between two progress lines of one transfer: enough for a moving bar, little enough for a slow disk. */
const PROGRESS_EVERY_MS = 100;
/** Longer than any line of ours. */
const TAIL_BYTES = 2 ** 20;

/** Appends to a run's event file. Nothing depends on it: a full disk silences it, and only it. */
export async function openEvents({ files, clock }: Pick<Host, 'files' | 'clock'>, run: RunPaths): Promise<EventLog> {
  let { seq, torn } = await endOf({ files }, run);
  // Counted only once it is in the file, so that a line a full disk refused leaves no gap.
  const append = async (at: string, event: Body): Promise<void> => {
    const line = JSON.stringify({ seq: seq + 1, at, ...event });
    await files.append(run.events, `${torn ? '\n' : ''}${line}\n`, 0o600);
    torn = false;
    seq += 1;
  };
  let pending: Promise<void> = Promise.resolve();
  let progressAt = Number.NEGATIVE_INFINITY;
  return {
    write(event) {
      if (event.type === 'progress' && event.progress.kind === 'bytes') {
        const now = clock.monotonic();
        if (now - progressAt < PROGRESS_EVERY_MS && event.progress.done !== event.progress.total) return;
        progressAt = now;
      }
      const at = clock.now().toISOString();
      pending = pending.then(() => append(at, event)).catch(() => undefined);
    },
    flush: () => pending,
  };
}

/**
 * The number of the last whole line, so that a later worker's lines go on from it; and whether half a line of a killed worker
 * follows, which must not stand in front of the next one.
 */
async function endOf(
  { files }: Pick<Host, 'files'>,
  run: RunPaths,
): Promise<{ readonly seq: number; readonly torn: boolean }> {
  const size = (await files.stat(run.events))?.size ?? 0;
  if (size === 0) return { seq: 0, torn: false };
  const tail = await files.readFrom(run.events, Math.max(0, size - TAIL_BYTES), TAIL_BYTES);
  const lines = tail.toString('utf8').split('\n');
  const torn = lines.pop() !== '';
  const numbers = lines.flatMap((line) => /^\{"seq":(\d+),/.exec(line)?.[1] ?? []);
  return { seq: Number(numbers.at(-1) ?? 0), torn };
}

/** What a viewer is told of a record; undefined for one that only the engine cares for. */
export function eventOf(record: JournalRecord, state: RunState): Body | undefined {
  const step = (index: number) => {
    const planned = state.places[index]?.step;
    return { step: index, stage: planned?.stage ?? '', title: planned?.title ?? '' };
  };
  switch (record.type) {
    case 'run.begin': {
      const { installation, from, to } = record.plan;
      return { type: 'run.begin', installation, from, to, steps: state.places.length };
    }
    case 'step.begin':
    case 'step.end':
    case 'undo.end':
    case 'discard.end':
      return { type: record.type, ...step(record.step) };
    case 'step.fail':
    case 'undo.fail':
    case 'discard.fail': {
      const { code, message } = record.failure;
      return { type: record.type, step: record.step, title: step(record.step).title, code, message };
    }
    case 'run.turn':
      return { type: record.type, reason: record.reason };
    case 'run.pause': {
      const { reason } = record;
      if (!('failure' in record)) return { type: 'run.pause', reason };
      const { code, message } = record.failure;
      return { type: 'run.pause', reason, code, message };
    }
    case 'hop.commit':
      return { type: 'hop.commit', to: state.plan.hops[record.hop]?.to ?? '' };
    case 'run.end':
      return { type: 'run.end', outcome: record.outcome };
    case 'try':
      return undefined;
  }
}
