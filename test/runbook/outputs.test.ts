import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/record.ts';
import { replay } from '../../src/engine/replay.ts';
import { compile } from '../../src/runbook/compile.ts';
import { hasBegun, outputOf, textOf } from '../../src/runbook/outputs.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, begun, done, indexOf } from './records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const LIVE = done(plan, 'copy-live', { filesSha256: 'abc' });

test.each<[string, readonly JournalRecord[], unknown, boolean]>([
  ['pending', [], undefined, false],
  ['begun', [begun(plan, 'copy-live')], undefined, true],
  ['done', LIVE, { filesSha256: 'abc' }, true],
  ['kept', [...LIVE, { type: 'hop.commit', hop: 0 }], { filesSha256: 'abc' }, true],
  [
    'discarded',
    [...LIVE, { type: 'hop.commit', hop: 0 }, { type: 'discard.end', step: indexOf(plan, 'copy-live') }],
    { filesSha256: 'abc' },
    true,
  ],
  [
    'undone',
    [...LIVE, { type: 'run.turn', reason: 'failure' }, { type: 'undo.end', step: indexOf(plan, 'copy-live') }],
    undefined,
    true,
  ],
])('of a step that is %s', (_name, records, output, started) => {
  const state = replay([begin(plan), ...records]);
  if (state === undefined) throw new Error('no state');
  expect([outputOf(state, 'copy-live'), hasBegun(state, 'copy-live')]).toEqual([output, started]);
});

test.each([
  [{ a: 'text' }, 'text'],
  [{ a: 1 }, undefined],
  [{}, undefined],
  [null, undefined],
  [['a'], undefined],
  ['a', undefined],
  [undefined, undefined],
])('the text in %j', (output, expected) => {
  expect(textOf(output, 'a')).toBe(expected);
});
