import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import { type RunState, replay } from '../../src/engine/replay.ts';
import { compile } from '../../src/runbook/compile.ts';
import { outsideText, verdictOf } from '../../src/runbook/verdict.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, done } from './records.ts';

const plan = compile('upgrade', await dockmeshFacts());

function after(output: Json): RunState {
  const state = replay([begin(plan), ...done(plan, 'verify-health', output)]);
  if (state === undefined) throw new Error('no run');
  return state;
}

test('a run that compared nothing has no verdict', () => {
  expect(verdictOf(after({ probes: 3, soakMs: 10 }))).toBeUndefined();
  expect(outsideText(after(null))).toBeUndefined();
});

test('what was not held against the release, and of that what is new', () => {
  const external = [{ row: 'docker', key: '', before: 'true', after: 'false' }];
  const state = after({ already: [], external, notSeen: [] });
  expect(verdictOf(state)).toEqual({ already: [], external, notSeen: [] });
  expect(outsideText(state)).toMatch(/outside of this release: docker: true -> false$/);
  expect(outsideText(after({ already: external, external: [], notSeen: [] }))).toBeUndefined();
});
