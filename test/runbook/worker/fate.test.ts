import { expect, test } from 'vitest';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { replay } from '../../../src/engine/replay.ts';
import { compile } from '../../../src/runbook/compile.ts';
import { type Fate, fateOf, type Seen } from '../../../src/runbook/worker/fate.ts';
import { dockmeshFacts } from '../../runbook/facts.ts';
import { begin, begun, done, indexOf } from '../../runbook/records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const SWAPPED = ['arm-window', 'stop', 'copy-data', 'swap-files'].flatMap((kind) => done(plan, kind));
const STARTED = [...SWAPPED, ...done(plan, 'start')];
const pause = (reason: 'asked' | 'signal' | 'shutdown'): JournalRecord => ({ type: 'run.pause', reason });
const held = (reason: 'external' | 'no-way-back', times = 1): readonly JournalRecord[] =>
  Array.from({ length: times }, () => ({
    type: 'run.pause',
    reason,
    step: indexOf(plan, 'verify-health'),
    failure: { code: 'E_HEALTH_EXTERNAL', message: 'Cannot' },
    saw: null,
  }));
const TURN: JournalRecord = { type: 'run.turn', reason: 'failure' };
const STUCK: JournalRecord = {
  type: 'undo.fail',
  step: indexOf(plan, 'swap-files'),
  failure: { code: 'E_IO', message: 'Cannot' },
};

const EARLY = { up: false, overdue: false };
const LATE = { up: false, overdue: true };
const UP = { up: true, overdue: true };

test.each<[string, readonly JournalRecord[], Seen, Fate]>([
  ['killed in the window', [...SWAPPED, begun(plan, 'start')], EARLY, 'on'],
  ['killed while the new version was watched', STARTED, UP, 'on'],
  ['killed on its way back', [...SWAPPED, TURN], EARLY, 'on'],
  ['cut by a shutdown', [...SWAPPED, pause('shutdown')], EARLY, 'on'],
  ['a typed swap, in time', [...SWAPPED, pause('asked')], EARLY, 'leave'],
  ['a typed swap, nobody came', [...SWAPPED, pause('asked')], LATE, 'back'],
  ['paused by a person, the service up', [...STARTED, pause('signal')], UP, 'leave'],
  ['paused by a person, the new version dead, in time', [...STARTED, pause('signal')], EARLY, 'leave'],
  ['paused by a person, the new version dead, nobody came', [...STARTED, pause('asked')], LATE, 'on'],
  [
    'something outside, the service up, in time',
    [...STARTED, ...held('external')],
    { up: true, overdue: false },
    'leave',
  ],
  ['something outside, the service up, its time over: judged again', [...STARTED, ...held('external')], UP, 'on'],
  ['something outside, judged three times in vain', [...STARTED, ...held('external', 3)], UP, 'leave'],
  ['something outside, the new version dead, in time', [...STARTED, ...held('external')], EARLY, 'leave'],
  ['something outside, the new version dead: judged', [...STARTED, ...held('external', 2)], LATE, 'on'],
  ['something outside, dead after three judgements', [...STARTED, ...held('external', 3)], LATE, 'back'],
  ['killed while it was judged again', [...STARTED, ...held('external'), begun(plan, 'verify-health')], UP, 'on'],
  ['its copy cannot be trusted', [...STARTED, ...held('no-way-back')], UP, 'leave'],
  ['its copy cannot be trusted, the new version dead', [...STARTED, ...held('no-way-back')], LATE, 'leave'],
  ['its way back failed', [...SWAPPED, TURN, STUCK], LATE, 'leave'],
])('%s', (_title, records, seen, fate) => {
  const state = replay([begin(plan), ...records]);
  if (state === undefined) throw new Error('no state');
  expect(fateOf(state, seen)).toBe(fate);
});
