import { expect, test } from 'vitest';
import { voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

test('a world knows its run, its generation, its hold, and what finished steps returned', async () => {
  const one = await bench({ started: false });
  const run = await voyage(one, (await planned(one)).plan);
  await run.forward('download');
  const world = await run.world();
  expect(world.run.id).toBe(run.id);
  expect(world.generation).toEqual({ id: run.id, root: `${run.facts.generations}/${run.id}` });
  expect(world.hold).toEqual({ unit: 'sample', marker: one.store.window, stateDirectory: one.store.root });
  expect([world.hasBegun('download'), world.hasBegun('prove'), world.hasBegun('no-such')]).toEqual([
    true,
    false,
    false,
  ]);
  expect(world.outputOf('download')).toMatchObject({ archives: 2 });
  expect([world.outputOf('prove'), world.outputOf('no-such')]).toEqual([undefined, undefined]);
  await run.begin('prove');
  expect([world.hasBegun('prove'), (await run.world()).hasBegun('prove')]).toEqual([false, true]);
});

test('what a person lets pass, for this command or for the whole run', async () => {
  const one = await bench({ started: false });
  const { plan } = await planned(one, { waived: ['external'] });
  const world = await (await voyage(one, plan)).world();
  expect([world.waivedBy('external'), world.waivedBy('no-way-back')]).toEqual([{ who: 'test', why: null }, undefined]);
  expect(world.wayBack()).toBe('whole');
});
