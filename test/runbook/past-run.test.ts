import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/record.ts';
import { replay } from '../../src/engine/replay.ts';
import { compile } from '../../src/runbook/compile.ts';
import { pastRun } from '../../src/runbook/past-run.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, begun, done, indexOf } from './records.ts';

/** Of a journal with those seconds between its records. */
async function past(of: (plan: ReturnType<typeof compile>) => readonly (readonly [JournalRecord, number])[]) {
  const plan = compile('upgrade', await dockmeshFacts());
  let at = 0;
  const all = [[begin(plan), 0] as const, ...of(plan)];
  const times = all.map(([, seconds]) => {
    at += seconds * 1_000;
    return new Date(at);
  });
  const records = all.map(([record]) => record);
  const state = replay(records);
  return state === undefined ? undefined : pastRun(state, { records, times }, 200);
}

test('each step from its begin to its end, and what was copied', async () => {
  const run = await past((plan) => {
    const [copyBegin, copyEnd] = done(plan, 'hot-copy', { bytes: 123 });
    const [proveBegin, proveEnd] = done(plan, 'prove');
    return [
      [proveBegin as JournalRecord, 5],
      [proveEnd as JournalRecord, 2],
      [copyBegin as JournalRecord, 1],
      [copyEnd as JournalRecord, 7],
    ];
  });
  expect(run).toEqual({
    stepMs: new Map([
      ['prove', 2_000],
      ['hot-copy', 7_000],
    ]),
    windowMs: 200,
    dataBytes: 123,
  });
});

test('a pause or a kill in the middle of a step is none of its time; what is done after the commit is', async () => {
  const run = await past((plan) => {
    const [step, archive] = [indexOf(plan, 'download'), indexOf(plan, 'prove-copy')];
    return [
      [begun(plan, 'download'), 0],
      [{ type: 'run.pause', reason: 'signal' }, 3],
      [{ type: 'try', step, phase: 'change', boot: 'b' }, 9_000],
      [{ type: 'step.end', step, output: null }, 4],
      [{ type: 'hop.commit', hop: 0 }, 1],
      [{ type: 'discard.end', step }, 50],
      [{ type: 'try', step: archive, phase: 'discard', boot: 'b' }, 1],
      [{ type: 'discard.end', step: archive }, 6],
    ];
  });
  expect(run).toMatchObject({
    stepMs: new Map([
      ['download', 4_000],
      ['prove-copy', 6_000],
    ]),
    dataBytes: undefined,
  });
});

test('a clock that went back tells nothing', async () => {
  const run = await past((plan) => {
    const [first, last] = done(plan, 'prove');
    return [
      [first as JournalRecord, 5],
      [last as JournalRecord, -60],
    ];
  });
  expect(run).toBeUndefined();
});
