import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/record.ts';
import { replay } from '../../src/engine/replay.ts';
import { pauseOf, standingOf } from '../../src/engine/standing.ts';
import type { ErrorCode } from '../../src/errors.ts';
import { planOf } from '../model/machine.ts';

const plan = { ...planOf([2], []) };
const quiet = {
  ...plan,
  hops: plan.hops.map((hop) => ({ ...hop, steps: hop.steps.map((step) => ({ ...step, touches: false })) })),
};
const begun: JournalRecord = { type: 'step.begin', step: 0, undo: null, boot: 'b' };
const fail = (code: ErrorCode): JournalRecord => ({ type: 'step.fail', step: 0, failure: { code, message: 'm' } });
const external: JournalRecord = {
  type: 'run.pause',
  reason: 'external',
  step: 0,
  failure: { code: 'E_HEALTH_EXTERNAL', message: 'm' },
  saw: null,
};
const back: JournalRecord = { type: 'run.turn', reason: 'failure' };
const asked: JournalRecord = { type: 'run.turn', reason: 'operator' };
const undone: JournalRecord = { type: 'undo.end', step: 0 };
const stuck: JournalRecord = { type: 'undo.fail', step: 0, failure: { code: 'E_IO', message: 'm' } };
const end = (outcome: 'committed' | 'restored' | 'partial'): JournalRecord => ({ type: 'run.end', outcome });

test.each<[string, typeof plan, JournalRecord[], string, number]>([
  ['just begun', plan, [], 'interrupted', 9],
  ['paused', plan, [begun, { type: 'run.pause', reason: 'signal' }], 'paused', 9],
  ['paused by a step', plan, [begun, external], 'paused', 9],
  ['killed after a pause was resumed', plan, [{ type: 'run.pause', reason: 'signal' }, begun], 'interrupted', 9],
  ['committed', plan, [end('committed')], 'committed', 0],
  ['failed and restored', plan, [begun, fail('E_HEALTH_FAILED'), back, undone, end('restored')], 'restored', 7],
  [
    'a digest that failed before anything was touched',
    quiet,
    [begun, fail('E_DIGEST_MISMATCH'), back, undone, end('restored')],
    'untouched',
    6,
  ],
  [
    'a failed start that never began to touch',
    quiet,
    [begun, fail('E_SERVICE_START'), back, undone, end('restored')],
    'untouched',
    4,
  ],
  ['rolled back as asked', plan, [begun, asked, undone, end('restored')], 'restored', 0],
  ['undo failed', plan, [begun, fail('E_HEALTH_FAILED'), back, stuck], 'mixed', 8],
  [
    'undo failed, tried again and done',
    plan,
    [begun, fail('E_HEALTH_FAILED'), back, stuck, asked, undone, end('restored')],
    'restored',
    7,
  ],
  ['committed up to a hop', plan, [end('partial')], 'partial', 7],
])('%s', (_name, plan, records, name, exit) => {
  const state = replay([{ type: 'run.begin', run: 'r', by: 'me', plan }, ...records]);
  if (state === undefined) throw new Error('no state');
  expect(standingOf(state)).toMatchObject({ name, exit });
});

test.each([
  ['while the run stands in it', [begun, external], 'E_HEALTH_EXTERNAL'],
  ['not once it has gone on', [begun, external, { type: 'try', step: 0, phase: 'change', boot: 'b' }], undefined],
  ['not for a later pause of a person', [begun, external, { type: 'run.pause', reason: 'signal' }], undefined],
] as const)('what a step paused it for is the cause %s', (_when, records, code) => {
  const state = replay([{ type: 'run.begin', run: 'r', by: 'me', plan }, ...records]);
  if (state === undefined) throw new Error('no state');
  expect([pauseOf(state)?.failure.code, standingOf(state).cause?.code]).toEqual([code, code]);
});
