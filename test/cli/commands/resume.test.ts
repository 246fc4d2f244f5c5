import { expect, test } from 'vitest';
import { exitOf } from '../../../src/errors.ts';
import { records } from '../support/made.ts';
import { desk } from '../support/open.ts';

test('nothing to resume', async () => {
  const { type } = await desk();
  await expect(type('resume')).rejects.toMatchObject({ code: 'E_NO_OPEN_RUN' });
});

test('a run whose way back failed needs a person first', async () => {
  const failure = { code: 'E_IO', message: 'Cannot rename dockmesh: EIO' } as const;
  const stuck = records(
    5,
    { type: 'step.fail', step: 5, failure },
    { type: 'run.turn', reason: 'failure' },
    { type: 'undo.fail', step: 4, failure },
  );
  const { type } = await desk({ records: stuck });
  const error = await type('resume').catch((reason: unknown) => reason);
  expect(error).toMatchObject({ code: 'E_UNDO_FAILED', message: expect.stringContaining('Cannot rename dockmesh') });
  expect(exitOf(error)).toBe(8);
});
