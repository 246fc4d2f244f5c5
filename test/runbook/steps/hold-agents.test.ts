import fs from 'node:fs';
import { expect, test } from 'vitest';
import { getJson } from '../../fixtures/scene.ts';
import { type Voyage, voyage } from '../voyage.ts';
import { type Bench, bench, planned } from '../workbench.ts';

const mode = async (one: Bench) =>
  ((await getJson(one.sample, '/api/v1/agents/upgrade-policy')) as { readonly mode: string }).mode;

async function scene(): Promise<{ readonly one: Bench; readonly run: Voyage }> {
  const one = await bench();
  await fetch(`${one.sample.url}/api/v1/agents/upgrade-policy`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${one.sample.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ mode: 'staged', stage_percent: 20, stage_gap_sec: 60 }),
  });
  const run = await voyage(one, (await planned(one, { token: one.sample.token })).plan, {
    data: [],
    database: undefined,
  });
  fs.writeFileSync((await run.world()).run.paths.token, `${one.sample.token}\n`, { mode: 0o600 });
  return { one, run };
}

test('the agents wait for the window, and the mode of before comes back, on the way back and after the commit', async () => {
  const { one, run } = await scene();
  await run.begin('hold-agents');
  expect(await run.change('hold-agents')).toEqual({ from: 'staged', to: 'manual' });
  expect(await mode(one)).toBe('manual');
  await run.change('hold-agents');
  await run.revert('hold-agents');
  expect(await getJson(one.sample, '/api/v1/agents/upgrade-policy')).toMatchObject({
    mode: 'staged',
    stage_percent: 20,
    stage_gap_sec: 60,
  });
  await run.revert('hold-agents');
  await run.change('hold-agents');
  await run.discard('hold-agents');
  expect(await mode(one)).toBe('staged');
});

test('nothing of the token is in the journal', async () => {
  const { one, run } = await scene();
  await run.forward('hold-agents');
  expect(JSON.stringify(run.records)).not.toContain(one.sample.token);
});

test('a server that refuses on the way back is restored all the same, and it is said; after the commit it is a warning', async () => {
  const { one, run } = await scene();
  await run.forward('hold-agents');
  await one.found.rooms.service.stop('sample', { timeoutMs: 5_000 });
  await run.revert('hold-agents');
  const { run: own } = await run.world();
  // The event is on its way to the file.
  await expect
    .poll(() => (fs.existsSync(own.paths.events) ? fs.readFileSync(own.paths.events, 'utf8') : ''))
    .toContain(`the agents' policy could not be set back to \\"staged\\": Cannot `);
  await expect(run.discard('hold-agents')).rejects.toMatchObject({ code: 'E_API_FAILED' });
});

test('without its token nothing is begun', async () => {
  const { run } = await scene();
  fs.rmSync((await run.world()).run.paths.token);
  await expect(run.begin('hold-agents')).rejects.toMatchObject({
    code: 'E_API_FAILED',
    hint: 'Type the command again with --token-file',
  });
});
