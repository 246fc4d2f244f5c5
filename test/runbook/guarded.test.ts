import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/record.ts';
import { replay } from '../../src/engine/replay.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeFiles } from '../../src/host/node-files.ts';
import { compile } from '../../src/runbook/compile.ts';
import { type Guarded, guardedOf, isOverdue, nextLook, programOf } from '../../src/runbook/guarded.ts';
import { scratch } from '../fixtures/scene.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, done } from './records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const files = nodeFiles(plainEffects);

function guarded(more: Partial<Guarded> = {}): Guarded {
  const times = { armedAtMs: 5_000, boot: 'b', allowedMs: 1_000, until: '2026-01-01T00:00:00.000Z' };
  return { ...times, program: ['/gone/node', '/gone/refit.js'], copied: true, reason: null, ...more };
}

function stateWith(output: Guarded | null, ...then: readonly JournalRecord[]) {
  const state = replay([begin(plan), ...done(plan, 'arm-window', output), ...then]);
  if (state === undefined) throw new Error('no state');
  return state;
}

test.each([
  ['b', 5_999, 0, false],
  ['b', 6_000, 0, true],
  // The clock of another boot began anew.
  ['c', 999, 0, false],
  ['c', 1_000, 0, true],
  // Each pause for something outside lets it have as long again.
  ['b', 6_999, 1, false],
  ['b', 7_000, 1, true],
  ['c', 2_999, 2, false],
])(
  'armed in boot b: in boot %s at %i ms, after %i pauses for something outside, overdue is %s',
  (boot, ms, n, overdue) => {
    expect(isOverdue(guarded(), { boot, ms }, n)).toBe(overdue);
  },
);

const EXTERNAL: JournalRecord = {
  type: 'run.pause',
  reason: 'external',
  step: 0,
  failure: { code: 'E_HEALTH_EXTERNAL', message: 'Cannot' },
  saw: null,
};

test.each([
  [1, '2026-01-01T00:00:01.000Z'],
  [2, '2026-01-01T00:00:02.000Z'],
  // Law 13: judged so often in vain, it is not judged for ever.
  [3, undefined],
])('after %i pauses for something outside its guard looks again at %s', (times, at) => {
  expect(nextLook(stateWith(guarded(), ...Array.from({ length: times }, () => EXTERNAL)))).toBe(at);
});

test('nobody looks again at a pause of another kind, nor without a guard', () => {
  expect(nextLook(stateWith(guarded(), { type: 'run.pause', reason: 'asked' }))).toBeUndefined();
  expect(nextLook(stateWith(null, EXTERNAL))).toBeUndefined();
});

test('what was armed is read from the journal; the embedded manager has no guard', () => {
  expect(guardedOf(stateWith(guarded()))).toEqual(guarded());
  expect(guardedOf(stateWith(null))).toBeUndefined();
});

test('a run goes on with its own copy while that is there, and never with what was no copy', async () => {
  const program = [path.join(scratch(), 'node'), 'refit.js'] as const;
  expect(await programOf(files, stateWith(guarded({ program })))).toBeUndefined();
  fs.writeFileSync(program[0], '');
  expect(await programOf(files, stateWith(guarded({ program })))).toEqual(program);
  expect(await programOf(files, stateWith(guarded({ program, copied: false })))).toBeUndefined();
  expect(await programOf(files, stateWith(null))).toBeUndefined();
});
