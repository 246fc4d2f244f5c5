import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { replay } from '../../src/engine/replay.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeFiles } from '../../src/host/node-files.ts';
import { compile } from '../../src/runbook/compile.ts';
import { type Guarded, guardedOf, isOverdue, programOf } from '../../src/runbook/guarded.ts';
import { scratch } from '../fixtures/scene.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, done } from './records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const files = nodeFiles(plainEffects);

function guarded(more: Partial<Guarded> = {}): Guarded {
  const times = { armedAtMs: 5_000, boot: 'b', allowedMs: 1_000, until: '2026-01-01T00:00:00.000Z' };
  return { ...times, program: ['/gone/node', '/gone/refit.js'], copied: true, reason: null, ...more };
}

function stateWith(output: Guarded | null) {
  const state = replay([begin(plan), ...done(plan, 'arm-window', output)]);
  if (state === undefined) throw new Error('no state');
  return state;
}

test.each([
  ['b', 5_999, false],
  ['b', 6_000, true],
  // The clock of another boot began anew.
  ['c', 999, false],
  ['c', 1_000, true],
])('armed in boot b: in boot %s at %i ms overdue is %s', (boot, ms, overdue) => {
  expect(isOverdue(guarded(), { boot, ms })).toBe(overdue);
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
