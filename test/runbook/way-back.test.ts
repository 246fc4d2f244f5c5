import { expect, test } from 'vitest';
import type { JournalRecord } from '../../src/engine/record.ts';
import { replay } from '../../src/engine/replay.ts';
import { compile } from '../../src/runbook/compile.ts';
import { requireWayBack, type WayBack, wayBackOf } from '../../src/runbook/way-back.ts';
import { dockmeshFacts } from './facts.ts';
import { begin, begun, done, indexOf } from './records.ts';

const plan = compile('upgrade', await dockmeshFacts());
const failure = { code: 'E_COPY_UNPROVEN', message: 'Cannot undo this' } as const;
const PAUSE: JournalRecord = {
  type: 'run.pause',
  reason: 'no-way-back',
  step: indexOf(plan, 'prove-copy'),
  failure,
  saw: null,
};
const migrated = (...added: readonly string[]) => done(plan, 'prove-schema', { rows: 2, added });
const DISTRUSTED = [begun(plan, 'prove-copy'), PAUSE];

test.each<[string, readonly JournalRecord[], WayBack]>([
  ['nothing is known against its copy', migrated('035'), 'whole'],
  ['its copy cannot be trusted, and a migration was applied', [...migrated('035'), ...DISTRUSTED], 'none'],
  ['its copy cannot be trusted, and no migration was applied', [...migrated(), ...DISTRUSTED], 'without data'],
  ['its copy cannot be trusted, and nothing is known of migrations', DISTRUSTED, 'none'],
  [
    'on its way back, the proof of the migrations undone already',
    [
      ...migrated(),
      ...DISTRUSTED,
      { type: 'run.turn', reason: 'operator' },
      ...['prove-copy', 'prove-schema'].map(
        (kind) => ({ type: 'undo.end', step: indexOf(plan, kind) }) satisfies JournalRecord,
      ),
    ],
    'without data',
  ],
  [
    'its copy was proven at the second try',
    [...DISTRUSTED, { type: 'step.end', step: indexOf(plan, 'prove-copy'), output: { proven: true } }],
    'whole',
  ],
])('%s: %s', (_title, records, way) => {
  const state = replay([begin(plan), ...records]);
  if (state === undefined) throw new Error('no state');
  expect(wayBackOf(state)).toBe(way);
  if (way === 'none') expect(() => requireWayBack(state)).toThrow(/^Cannot go back: /);
  else requireWayBack(state);
});

test('where the profile calls the span additive, the binaries can go back on their own', async () => {
  const facts = await dockmeshFacts();
  const { migrate } = facts.profile;
  if (migrate === undefined) throw new Error('no migrations');
  const additive = [{ from: plan.from, to: plan.to }];
  const kind = compile('upgrade', { ...facts, profile: { ...facts.profile, migrate: { ...migrate, additive } } });
  const way = (...added: readonly string[]) => {
    const learned = done(kind, 'learn-schema', { old: ['033'], new: ['033', '035'] });
    const state = replay([begin(kind), ...learned, ...migrated(...added), ...DISTRUSTED]);
    return state === undefined ? undefined : wayBackOf(state);
  };
  expect(way('035')).toBe('without data');
  expect(way('035', 'of somebody else')).toBe('none');
});
