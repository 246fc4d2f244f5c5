import { expect, onTestFinished, test } from 'vitest';
import { ask } from '../../../scripts/install-sample.mjs';
import { outputIn } from '../records.ts';
import { voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

test('what can be asked without a token is kept in the journal, and nothing is touched', async () => {
  const one = await bench();
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('baseline');
  expect(outputIn(run.plan, run.records, 'baseline')).toEqual({
    rows: [{ name: 'docker', seen: [{ key: '', state: 'bad', saw: 'false' }], cut: false, tookMs: expect.any(Number) }],
    ill: {},
    answerMs: expect.any(Number),
  });
  await run.revert('baseline');
});

test('a server that is down is seen as such', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('baseline');
  expect(outputIn(run.plan, run.records, 'baseline')).toMatchObject({
    rows: [{ seen: [{ key: '', state: 'failing' }] }],
    // What does not run shows nothing that would excuse a release.
    ill: {},
    answerMs: null,
  });
});

test('what a probe sees of a server that is ill already is kept', async () => {
  const one = await bench({ breaks: { 'v0.2.9': 'health' }, started: false });
  const { service } = one.found.rooms;
  onTestFinished(async () => void (await service.stop('sample', { timeoutMs: 5_000 })));
  await service.start('sample', undefined);
  await expect.poll(async () => (await ask(`${one.sample.url}/healthz/ready`))?.status).toBe(503);
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('baseline');
  expect(outputIn(run.plan, run.records, 'baseline')).toMatchObject({
    ill: { ready: '503 db unreachable: broken' },
    answerMs: null,
  });
});
