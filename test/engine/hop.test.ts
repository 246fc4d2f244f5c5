import { expect, test } from 'vitest';
import { hopAt, hopOf, planOfHop, versionLeft } from '../../src/engine/hop.ts';
import type { Plan } from '../../src/engine/plan.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import { type RunState, replay } from '../../src/engine/replay.ts';
import { planOver, step } from './made.ts';

const steps = [{ ...step('get'), ahead: true }, step('do')];
const PLAN: Plan = {
  ...planOver({ from: 'v1', to: 'v2', steps }, { from: 'v2', to: 'v3', facts: 'of the second', steps }),
  facts: 'of the first',
};
const ONE: Plan = { ...PLAN, to: 'v2', hops: PLAN.hops.slice(0, 1) };

function stateOf(plan: Plan, ...records: JournalRecord[]): RunState {
  const state = replay([{ type: 'run.begin', run: 'r', by: 'b', plan }, ...records]);
  if (state === undefined) throw new Error('no state');
  return state;
}

const done = (index: number, output: string): JournalRecord[] => [
  { type: 'step.begin', step: index, undo: null, boot: 'b' },
  { type: 'step.end', step: index, output },
];
const COMMIT: JournalRecord = { type: 'hop.commit', hop: 0 };
const ALL = [...done(0, 'g1'), ...done(1, 'g2'), ...done(2, 'd1')];
const FAILED: JournalRecord = { type: 'step.fail', step: 3, failure: { code: 'E_IO', message: 'no' } };
const external = (index: number): JournalRecord => {
  return { type: 'run.pause', reason: 'external', step: index, failure: { code: 'E_IO', message: 'x' }, saw: null };
};

test('a hop of a plan has its own versions and facts', () => {
  expect([planOfHop(PLAN, 0), planOfHop(PLAN, 1)]).toMatchObject([
    { from: 'v1', to: 'v2', facts: 'of the first' },
    { from: 'v2', to: 'v3', facts: 'of the second' },
  ]);
  expect(() => planOfHop(PLAN, 2)).toThrow('no hop 2');
});

test('a hop of a run has its own steps, by the numbers that the journal gives them', () => {
  const state = stateOf(PLAN, ...ALL, COMMIT);
  const kinds = (hop: number) => hopOf(state, hop).places.map(({ index, step: { kind } }) => [kind, index]);
  expect([kinds(0), kinds(1)]).toEqual([
    [
      ['get', 0],
      ['do', 2],
    ],
    [
      ['get', 1],
      ['do', 3],
    ],
  ]);
  expect([hopOf(state, 0).committedHops, hopOf(state, 1).committedHops, hopAt(state)]).toEqual([1, 0, 1]);
});

test('what one hop paused for says nothing of the other', () => {
  const state = stateOf(PLAN, ...ALL, external(2), COMMIT, external(3));
  expect(hopOf(state, 0).stepPauses.map((pause) => pause.step)).toEqual([2]);
  expect(hopOf(state, 1).stepPauses.map((pause) => pause.step)).toEqual([3]);
});

test('a run of one hop is that hop', () => {
  const state = stateOf(ONE, ...done(0, 'x'));
  expect(hopOf(state, 0)).toBe(state);
});

test('a run that is committed is at its last hop', () => {
  expect(hopAt(stateOf(PLAN, ...ALL, COMMIT, ...done(3, 'd2'), { type: 'hop.commit', hop: 1 }))).toBe(1);
});

test.each<[string, readonly JournalRecord[], string | undefined]>([
  ['nothing while it is open', [...ALL, COMMIT], undefined],
  ['the last version once it is committed', [COMMIT, { type: 'run.end', outcome: 'committed' }], 'v3'],
  ['that of the last committed hop', [...ALL, COMMIT, FAILED, { type: 'run.end', outcome: 'partial' }], 'v2'],
  ['nothing where it went back', [...ALL, { type: 'run.end', outcome: 'restored' }], undefined],
])('a run left %s', (_, records, version) => {
  expect(versionLeft(stateOf(PLAN, ...records))).toBe(version);
});
