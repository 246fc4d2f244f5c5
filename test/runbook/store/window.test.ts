import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { replay } from '../../../src/engine/replay.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { type Window, windowOf } from '../../../src/runbook/store/window.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, begun, done, indexOf } from '../records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const installing = compile('install', await dockmeshFacts());
const measured = { startedAtMs: 1, boot: 'b', answeredAtMs: 2, windowMs: 84, seen: null, cursor: '' };
const unmeasured = { ...measured, windowMs: null };
const seen = (readyMs: number, aliveMs: number | null) => ({ readyMs, aliveMs, resolutionMs: 6 });
const probed = { ...measured, seen: seen(80, 70) };
const by = {
  worker: (readyMs: number): Window => ({ readyMs, aliveMs: null, resolutionMs: 10, by: 'worker' }),
  journal: (readyMs: number): Window => ({ readyMs, aliveMs: null, resolutionMs: null, by: 'journal' }),
};
const again: JournalRecord = { type: 'try', step: indexOf(plan, 'stop'), phase: 'change', boot: 'b' };
const turn: JournalRecord = { type: 'run.turn', reason: 'failure' };
const undone: Extract<JournalRecord, { type: 'undo.end' }> = { type: 'undo.end', step: indexOf(plan, 'stop') };

/** Each record is a second after the one before it. */
test.each<[string, readonly JournalRecord[], Window | undefined]>([
  ['measured by the step', [...done(plan, 'stop'), ...done(plan, 'start', measured)], by.worker(84)],
  ['a boot lay between', [...done(plan, 'stop'), ...done(plan, 'start', unmeasured)], by.journal(3000)],
  [
    'the worker died while it stopped: its second try measured from itself',
    [
      begun(plan, 'stop'),
      again,
      { type: 'step.end', step: indexOf(plan, 'stop'), output: null },
      ...done(plan, 'start', measured),
    ],
    by.journal(4000),
  ],
  ['the way back', [...done(plan, 'stop'), begun(plan, 'start'), turn, undone], by.journal(4000)],
  [
    'the way back after an answer',
    [...done(plan, 'stop'), ...done(plan, 'start', measured), turn, undone],
    by.journal(5000),
  ],
  ['seen by the prober', [...done(plan, 'stop'), ...done(plan, 'start', probed)], { ...seen(80, 70), by: 'prober' }],
  [
    'the way back, seen by the prober',
    [...done(plan, 'stop'), begun(plan, 'start'), turn, { ...undone, output: seen(900, null) }],
    { ...seen(900, null), by: 'prober' },
  ],
  [
    'the way back after an answer: away twice',
    [...done(plan, 'stop'), ...done(plan, 'start', probed), turn, { ...undone, output: seen(900, 800) }],
    { readyMs: 980, aliveMs: 870, resolutionMs: 12, by: 'prober' },
  ],
  [
    'the way back after an answer: one of both seen',
    [...done(plan, 'stop'), ...done(plan, 'start', measured), turn, { ...undone, output: seen(900, 800) }],
    by.journal(5000),
  ],
  ['still away', [...done(plan, 'stop')], undefined],
  ['never stopped', [], undefined],
])('%s', (_name, records, expected) => {
  const all = [begin(plan), ...records];
  const times = all.map((_, n) => new Date(n * 1000));
  const state = replay(all);
  if (state === undefined) throw new Error('no state');
  expect(windowOf(state, all, times)).toEqual(expected);
});

test('a clock that jumped back measures nothing below zero', () => {
  const all = [begin(plan), ...done(plan, 'stop'), ...done(plan, 'start', unmeasured)];
  const state = replay(all);
  if (state === undefined) throw new Error('no state');
  expect(
    windowOf(
      state,
      all,
      all.map((_, n) => new Date(-n * 1000)),
    ),
  ).toEqual(by.journal(0));
});

test('an installation has no window', () => {
  const all = [begin(installing), ...done(installing, 'swap-files')];
  const state = replay(all);
  if (state === undefined) throw new Error('no state');
  expect(
    windowOf(
      state,
      all,
      all.map(() => new Date(0)),
    ),
  ).toBeUndefined();
});
