import { expect, test } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import { replay } from '../../src/engine/replay.ts';
import { warningsOf } from '../../src/runbook/warnings.ts';
import { plan } from '../cli/support/made.ts';

const STOP = 4;

const told = (output: Json, ...rest: readonly JournalRecord[]) => {
  const begin: JournalRecord = { type: 'run.begin', run: 'R', by: 'test', plan: plan() };
  const done: readonly JournalRecord[] = Array.from({ length: STOP + 1 }, (_, step) => [
    { type: 'step.begin', step, undo: null, boot: 'b' } as const,
    { type: 'step.end', step, output: step === STOP ? output : null } as const,
  ]).flat();
  const state = replay([begin, ...done, ...rest]);
  return state === undefined ? [] : warningsOf(state);
};

test.each([null, { killed: false }, { ms: 3 }, 'killed', [true]])('%j of the stop is nothing to tell', (output) => {
  expect(told(output)).toEqual([]);
});

test('a service that its manager had to kill is told, also once the run went back', () => {
  const warning = {
    code: 'E_SERVICE_STOP',
    message: 'dockmesh did not stop in its time and was killed: its data was taken as a crash leaves it, logs included',
  };
  expect(told({ killed: true })).toEqual([warning]);
  expect(told({ killed: true }, { type: 'run.turn', reason: 'failure' }, { type: 'undo.end', step: STOP })).toEqual([
    warning,
  ]);
});
