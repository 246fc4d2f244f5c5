import type { Journal } from '../../src/engine/journal.ts';
import { encode } from '../../src/engine/journal.ts';
import type { Json } from '../../src/engine/json.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { placesOf } from '../../src/engine/plan.ts';
import type { JournalRecord } from '../../src/engine/record.ts';

/** A journal in memory: what a worker has written so far. */
export function journalOf(records: readonly JournalRecord[]): Journal {
  const all = [...records];
  return {
    records: all,
    async append(record) {
      all.push(record);
    },
  };
}

export function begin(plan: Plan, run = 'R'): JournalRecord {
  return { type: 'run.begin', run, by: 'test', plan };
}

/** A step of the first hop, by its kind. */
export function indexOf(plan: Plan, kind: string): number {
  return placesOf(plan).find(({ step }) => step.kind === kind)?.index ?? -1;
}

export function begun(plan: Plan, kind: string, undo: Json = null): JournalRecord {
  return { type: 'step.begin', step: indexOf(plan, kind), undo, boot: 'b' };
}

export function done(plan: Plan, kind: string, output: Json = null, undo: Json = null): readonly JournalRecord[] {
  return [begun(plan, kind, undo), { type: 'step.end', step: indexOf(plan, kind), output }];
}

/** What a step returned; null where it has not ended. */
export function outputIn(plan: Plan, records: readonly JournalRecord[], kind: string): Json {
  const record = records.find((each) => each.type === 'step.end' && each.step === indexOf(plan, kind));
  return record?.type === 'step.end' ? record.output : null;
}

/** The bytes of a journal, a second between two records. */
export function textOf(records: readonly JournalRecord[], start = Date.parse('2026-01-01T00:00:00Z')): string {
  return records.map((record, n) => encode(record, n, new Date(start + n * 1000))).join('');
}
