import fs from 'node:fs';
import { expect, test } from 'vitest';
import { watchRows } from '../../../src/runbook/steps/watch-rows.ts';
import { runPaths } from '../../../src/runbook/store/paths.ts';
import { type Voyage, voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

const NEVER = new AbortController().signal;

async function started(mode: 'none' | 'agent-lost'): Promise<Voyage> {
  const one = await bench({ breaks: { 'v0.2.13': mode }, agents: [{ name: 'edge' }] });
  const run = await voyage(one, (await planned(one)).plan, { data: [] });
  fs.writeFileSync(runPaths(one.store, run.id).token, one.sample.token, { mode: 0o600 });
  await run.forward('start');
  return run;
}

test('what does not come back is waited for as long as its patience, and then told', async () => {
  const world = await (await started('agent-lost')).world();
  const watch = await watchRows(world);
  await watch.look(NEVER);
  expect(watch.done()).toBe(false);
  while (!watch.done()) {
    await world.host.clock.sleep(watch.pauseMs(), NEVER);
    await watch.look(NEVER);
  }
  expect(watch.verdict().worse.map(({ row, key }) => `${row} ${key}`)).toEqual(['hosts edge', 'agents edge']);
});

test('a row is not judged before its time, and once that has come there is nothing left to wait for', async () => {
  const world = await (await started('none')).world();
  const watch = await watchRows(world);
  await watch.look(NEVER);
  expect(watch.done()).toBe(false);
  while (!watch.done()) {
    await world.host.clock.sleep(watch.pauseMs(), NEVER);
    await watch.look(NEVER);
  }
  expect(watch.verdict()).toMatchObject({ worse: [], already: [{ row: 'docker' }], external: [], notSeen: [] });
});

test('a run that noted nothing before waits for nothing', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  const watch = await watchRows(await run.world());
  await watch.look(NEVER);
  expect([watch.done(), watch.pauseMs()]).toEqual([true, 0]);
  expect(watch.verdict().worse).toEqual([]);
});
