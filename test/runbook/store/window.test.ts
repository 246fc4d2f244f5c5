import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { replay } from '../../../src/engine/replay.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { windowOf } from '../../../src/runbook/store/window.ts';
import { dockmeshFacts } from '../facts.ts';
import { begin, begun, done, indexOf } from '../records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const installing = compile('install', await dockmeshFacts());
const measured = { startedAtMs: 1, boot: 'b', answeredAtMs: 2, windowMs: 84, cursor: '' };
const unmeasured = { ...measured, windowMs: null };
const again: JournalRecord = { type: 'try', step: indexOf(plan, 'stop'), phase: 'change', boot: 'b' };
const turn: JournalRecord = { type: 'run.turn', reason: 'failure' };
const undone: JournalRecord = { type: 'undo.end', step: indexOf(plan, 'stop') };

/** Each record is a second after the one before it. */
test.each<[string, readonly JournalRecord[], number | undefined]>([
  ['measured by the step', [...done(plan, 'stop'), ...done(plan, 'start', measured)], 84],
  ['a boot lay between', [...done(plan, 'stop'), ...done(plan, 'start', unmeasured)], 3000],
  [
    'the worker died while it stopped: its second try measured from itself',
    [
      begun(plan, 'stop'),
      again,
      { type: 'step.end', step: indexOf(plan, 'stop'), output: null },
      ...done(plan, 'start', measured),
    ],
    4000,
  ],
  ['the way back', [...done(plan, 'stop'), begun(plan, 'start'), turn, undone], 4000],
  ['the way back after an answer', [...done(plan, 'stop'), ...done(plan, 'start', measured), turn, undone], 5000],
  ['still away', [...done(plan, 'stop')], undefined],
  ['never stopped', [], undefined],
])('%s', (_name, records, expected) => {
  const all = [begin(plan), ...records];
  const times = all.map((_, n) => new Date(n * 1000));
  const state = replay(all);
  if (state === undefined) throw new Error('no state');
  expect(windowOf(state, all, times)).toBe(expected);
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
  ).toBe(0);
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
