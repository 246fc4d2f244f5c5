import { expect, test } from 'vitest';
import type { Observation } from '../../../src/health/baseline.ts';
import { outputIn } from '../records.ts';
import { voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

test('what can be asked without a token is kept in the journal, and nothing is touched', async () => {
  const one = await bench();
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('baseline');
  expect(outputIn(run.plan, run.records, 'baseline')).toEqual({
    rows: [{ name: 'docker', seen: [{ key: '', state: 'bad', saw: 'false' }], cut: false, tookMs: expect.any(Number) }],
  } satisfies Observation);
  await run.revert('baseline');
});

test('a server that is down is seen as such', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('baseline');
  expect(outputIn(run.plan, run.records, 'baseline')).toMatchObject({
    rows: [{ seen: [{ key: '', state: 'failing' }] }],
  });
});
