import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import { type RunState, replay } from '../../src/engine/replay.ts';
import { compile } from '../../src/runbook/compile.ts';
import { answerTimes, spotChecksOf, verdictOf, waivedTexts } from '../../src/runbook/verdict.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, begun, done, indexOf } from './records.ts';

const plan = compile('upgrade', await dockmeshFacts());

function after(output: Json): RunState {
  const state = replay([begin(plan), ...done(plan, 'verify-health', output)]);
  if (state === undefined) throw new Error('no run');
  return state;
}

test('a run that compared nothing has no verdict', () => {
  expect(verdictOf(after({ probes: 3, soakMs: 10 }))).toBeUndefined();
  expect(waivedTexts(after(null))).toEqual([]);
});

const external = [{ row: 'docker', key: '', before: 'true', after: 'false' }];

test('what was let pass although nobody could judge it', () => {
  const state = after({ already: [], external, notSeen: [] });
  expect(verdictOf(state)).toEqual({ already: [], external, notSeen: [] });
  expect(waivedTexts(state)).toEqual(['not well, for a reason outside of this release: docker: true -> false']);
  expect(waivedTexts(after({ already: external, external: [], notSeen: [] }))).toEqual([]);
});

test('what it waits for is its verdict until it is judged again', () => {
  const saw = { already: [], external, notSeen: [] };
  const failure = { code: 'E_HEALTH_EXTERNAL', message: 'Cannot' } as const;
  const pause = { type: 'run.pause', reason: 'external', step: indexOf(plan, 'verify-health'), failure, saw } as const;
  const end = { type: 'step.end', step: indexOf(plan, 'verify-health'), output: { ...saw, external: [] } } as const;
  const records = [begin(plan), begun(plan, 'verify-health'), pause];
  const state = (more: readonly JournalRecord[]) => {
    const found = replay([...records, ...more]);
    if (found === undefined) throw new Error('no run');
    return found;
  };
  expect(verdictOf(state([]))).toEqual(saw);
  expect(verdictOf(state([end]))).toEqual({ ...saw, external: [] });
});

test('what was spot-checked, also where the run waits for something outside', () => {
  const spotChecks = [{ stack: 'web', services: [{ name: 'app', state: 'running' }] }];
  expect(spotChecksOf(after({ already: [], external: [], notSeen: [], spotChecks }))).toEqual(spotChecks);
  expect(spotChecksOf(after({ already: [], external: [], notSeen: [] }))).toEqual([]);
  const failure = { code: 'E_HEALTH_EXTERNAL', message: 'Cannot' } as const;
  const step = indexOf(plan, 'verify-health');
  const pause = { type: 'run.pause', reason: 'external', step, failure, saw: { spotChecks } } as const;
  const waiting = replay([begin(plan), begun(plan, 'verify-health'), pause]);
  if (waiting === undefined) throw new Error('no run');
  expect(spotChecksOf(waiting)).toEqual(spotChecks);
});

test('a copy that was let pass unproven is told', () => {
  const state = replay([begin(plan), ...done(plan, 'prove-copy', { proven: false, saw: 'Cannot read it' })]);
  if (state === undefined) throw new Error('no run');
  expect(waivedTexts(state)).toEqual(['the copy of the data cannot be trusted: Cannot read it']);
});

test('how fast it answered before and after, where that was seen', () => {
  const seen = [...done(plan, 'baseline', { answerMs: 1.5 }), ...done(plan, 'verify-health', { answerMs: 2 })];
  const state = replay([begin(plan), ...seen]);
  if (state === undefined) throw new Error('no run');
  expect(answerTimes(state)).toEqual({ beforeMs: 1.5, afterMs: 2 });
  expect(answerTimes(after({ answerMs: null }))).toEqual({ beforeMs: null, afterMs: null });
  expect(answerTimes(after(null))).toEqual({ beforeMs: null, afterMs: null });
});
