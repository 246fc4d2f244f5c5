import { expect, test } from 'vitest';
import { drive } from '../../src/engine/drive.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import { Interrupted, type Step } from '../../src/engine/step.ts';
import { RefitError } from '../../src/errors.ts';
import { planOver, step } from './made.ts';

const PLAN = planOver({ from: 'v1', to: 'v2', steps: [step('long')] });

/** A run of one step whose discard waits until it is stopped; what `stopped` makes of that, and how the run stands then. */
async function interruptedBy(reason: 'signal' | 'shutdown', stopped: (why: unknown) => unknown) {
  const records: JournalRecord[] = [{ type: 'run.begin', run: 'r', by: 'b', plan: PLAN }];
  const journal = { records, append: async (record: JournalRecord) => void records.push(record) };
  const [pause, shutdown] = [new AbortController(), new AbortController()];
  let begun = 0;
  const long: Step<null> = {
    prepare: async () => null,
    change: async () => null,
    revert: async () => undefined,
    async discard(_world, _input, _undo, stop) {
      begun += 1;
      if (begun === 1) (reason === 'signal' ? pause : shutdown).abort(new Interrupted(reason));
      if (stop.aborted) throw stopped(stop.reason);
    },
  };
  const crew = { worldOf: () => null, steps: new Map([['long', long]]), journal, boot: 'boot' };
  const outcome = await drive(crew, { pause: pause.signal, shutdown: shutdown.signal });
  const again = await drive(crew, { pause: new AbortController().signal, shutdown: new AbortController().signal });
  return { outcome, again, begun, types: records.map(({ type }) => type) };
}

test('after the commit a person who wants to stop is told what was left undone, and the run has ended', async () => {
  const { outcome, begun, types } = await interruptedBy('signal', () => new RefitError('E_DECLINED', 'Cannot go on'));
  expect({ outcome, begun }).toEqual({ outcome: 'committed', begun: 1 });
  expect(types.slice(-3)).toEqual(['try', 'discard.fail', 'run.end']);
});

test('what must not outlive a run is done before its end is on record, and again where a kill came between', async () => {
  const records: JournalRecord[] = [{ type: 'run.begin', run: 'r', by: 'b', plan: { ...PLAN, hops: [] } }];
  const seen: string[] = [];
  let dies = true;
  const journal = {
    records,
    append: async (record: JournalRecord) => {
      if (record.type === 'run.end' && dies) throw new Error('killed');
      records.push(record);
    },
  };
  const crew = { worldOf: () => null, steps: new Map<string, Step<null>>(), journal, boot: 'boot' };
  const never = new AbortController().signal;
  const beforeEnd = async (outcome: string) => void seen.push(`${outcome} after ${records.at(-1)?.type}`);
  await expect(drive(crew, { pause: never, shutdown: never, beforeEnd })).rejects.toThrow('killed');
  dies = false;
  expect(await drive(crew, { pause: never, shutdown: never, beforeEnd })).toBe('committed');
  expect(seen).toEqual(['committed after run.begin', 'committed after run.begin']);
});

test('a manager that is stopping ends it there, and the next worker does it again', async () => {
  const { outcome, again, begun, types } = await interruptedBy('shutdown', (why) => why);
  expect({ outcome, again, begun }).toEqual({ outcome: 'paused', again: 'committed', begun: 2 });
  expect(types.slice(-5)).toEqual(['try', 'run.pause', 'try', 'discard.end', 'run.end']);
});
