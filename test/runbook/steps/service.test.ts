import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { BreakMode } from '../../../scripts/build-sample.mjs';
import { type Facts, factsOf } from '../../../src/runbook/facts.ts';
import { type Voyage, voyage } from '../voyage.ts';
import { type Bench, type BenchOptions, bench, planned } from '../workbench.ts';

/** Patience for what comes never, short enough for a test; the soak outlives what dies late. */
const LIMITS = { start: 1_500, health: 1_500, soak: 300 };

interface Scene {
  readonly one: Bench;
  readonly run: Voyage;
}

async function scene(options: BenchOptions = {}, limits: Partial<typeof LIMITS> = {}): Promise<Scene> {
  const one = await bench(options);
  // What the rehearsal would have met before: here the way back is looked at.
  const { plan } = await planned(one, { rehearse: false });
  const { profile } = factsOf(plan);
  const { start, health, soak } = { ...LIMITS, ...limits };
  const impatient: Facts['profile'] = {
    ...profile,
    health: { ...profile.health, timeout: health, soak },
  };
  const startTimeout = { ms: start, because: 'asked' } as const;
  return { one, run: await voyage(one, plan, { data: [], profile: impatient, startTimeout }) };
}

const broken = (mode: BreakMode, limits: Partial<typeof LIMITS> = {}) => scene({ breaks: { 'v0.2.13': mode } }, limits);

/** What a step is refused with. */
async function refusal(
  act: Promise<unknown>,
): Promise<{ readonly code: string; readonly message: string; readonly hint: string }> {
  return act.then(
    () => Promise.reject(new Error('it was accepted')),
    (error) => error,
  );
}

test('a good release: stopped, swapped, started, answering, and both ends of the window measured', async () => {
  const { one, run } = await scene();
  await run.forward('verify-health');
  expect(await one.found.rooms.service.state('sample')).toMatchObject({ activity: 'active' });
  const outputs = Object.assign({}, ...run.records.map((record) => (record.type === 'step.end' ? record.output : {})));
  expect(outputs).toMatchObject({
    killed: false,
    boot: 'boot',
    windowMs: expect.any(Number),
    seen: { readyMs: expect.any(Number), aliveMs: expect.any(Number), resolutionMs: expect.any(Number) },
    probes: expect.any(Number),
    quickCheck: 'ok',
    added: ['034_backup_needs_review.sql', '035_backup_review_acked.sql'],
  });
  expect(outputs.windowMs).toBe(Math.round(outputs.answeredAtMs - outputs.stoppedAtMs));
});

test('a start that is called again by another worker does not call the server an impostor', async () => {
  const { run } = await scene();
  await run.begin('start');
  const first = await run.change('start');
  await new Promise((resolve) => setTimeout(resolve, 20));
  const again = await run.change('start');
  expect(again).toMatchObject({ startedAtMs: (first as { startedAtMs: number }).startedAtMs });
});

test.each<[BreakMode, string, RegExp]>([
  ['boot', 'E_SERVICE_START', /^Cannot start sample at v0\.2\.13: saw config load failed/],
  ['migration', 'E_MIGRATION_FAILED', /^Cannot migrate the data to v0\.2\.13: db migrate failed/],
  ['hang', 'E_SERVICE_START', /expected an answer$/],
  ['health', 'E_SERVICE_START', /saw 503 .* after 1500 ms, expected an answer$/],
  ['page', 'E_SERVICE_START', /saw 200 <!doctype html>.* after 1500 ms, expected an answer$/i],
])('a release that is broken by %s does not start: %s, with what it said kept', async (mode, code, message) => {
  const { one, run } = await broken(mode);
  await run.begin('start');
  const error = await refusal(run.change('start'));
  expect(error).toMatchObject({ code, message: expect.stringMatching(message) });
  const [, log = ''] = /^Its last lines: (.*)$/.exec(error.hint) ?? [];
  expect(log).toMatch(/\/evidence\/start\.log$/);
  expect(fs.statSync(log).mode & 0o777).toBe(0o600);
  await run.revert('start');
  expect(await one.found.rooms.service.state('sample')).toMatchObject({ activity: 'inactive' });
  // The hold is back: nobody can start a half-restored version.
  await expect(one.found.rooms.service.start('sample', undefined)).rejects.toMatchObject({ code: 'E_SERVICE_START' });
});

test.each<[BreakMode, Partial<typeof LIMITS>, RegExp]>([
  ['version', {}, /healthy at v0\.2\.13: version: saw version = "v0\.0\.0-wrong", expected "v0\.2\.13"$/],
  ['agentport', {}, /: agent-port: saw /],
  ['redflag', {}, /: it logged "bootstrap admin created", which means a wrong or empty database$/],
  ['assets', {}, /: agent-download \/install\/sample-agent-linux-\w+: saw /],
  ['dies-late', { soak: 4_000 }, /: (?:not stable: unit failed|ready: saw )/],
])('a release that answers and is broken by %s is not called healthy', async (mode, limits, message) => {
  const { run } = await broken(mode, limits);
  await run.begin('verify-health');
  const error = await refusal(run.change('verify-health'));
  expect(error).toMatchObject({
    code: 'E_HEALTH_FAILED',
    message: expect.stringMatching(message),
    hint: expect.stringMatching(/evidence\/health\.log$/),
  });
});

test('a log that cannot be kept does not hide what failed', async () => {
  const { run } = await broken('boot');
  await run.begin('start');
  const { run: own } = await run.world();
  fs.rmSync(own.paths.evidence, { recursive: true });
  fs.writeFileSync(own.paths.evidence, 'in the way');
  expect(await refusal(run.change('start'))).toMatchObject({
    code: 'E_SERVICE_START',
    hint: expect.stringContaining('sample.log'),
  });
});

test('the way back starts what ran before; what had not run stays stopped; what was sick may be sick', async () => {
  const running = await scene();
  await running.run.begin('stop');
  await running.run.revert('stop');
  expect(await running.one.found.rooms.service.state('sample')).toMatchObject({ activity: 'active' });
  await running.run.change('stop');
  await running.run.change('stop');
  await running.run.revert('stop');
  expect(
    await running.one.found.rooms.health.ask(
      { kind: 'http', name: 'ready', url: `${running.one.sample.url}/healthz/ready`, status: 200, body: 'ready' },
      { token: undefined, sinceStartMs: undefined, timeoutMs: 2_000 },
    ),
  ).toMatchObject({ healthy: true });

  const stopped = await scene({ started: false });
  await stopped.run.forward('stop');
  await stopped.run.revert('stop');
  expect(await stopped.one.found.rooms.service.state('sample')).toMatchObject({ activity: 'inactive' });
});

test('an old server that comes back ill is a failed way back, unless it was ill before', async () => {
  const { one, run } = await scene();
  await run.forward('stop');
  fs.writeFileSync(one.sample.binary, '#!/bin/sh\nexec sleep 60\n', { mode: 0o755 });
  expect(await refusal(run.revert('stop'))).toMatchObject({
    code: 'E_UNDO_FAILED',
    message: expect.stringContaining('expected it to answer as before'),
  });
  await one.found.rooms.service.stop('sample', { timeoutMs: 5_000 });
  const undo = run.records.find(
    (record) => record.type === 'step.begin' && 'undo' in record && JSON.stringify(record.undo).includes('answered'),
  );
  expect(undo).toMatchObject({ undo: { active: true, answered: true } });
  const target = { kind: 'generation', version: 'v0.2.13', root: '', run: '' } as const;
  const sick = await voyage(one, run.plan, {
    data: [],
    files: [],
    database: undefined,
    target,
    profile: run.facts.profile,
    // That script tells no version.
    options: { ...run.facts.options, waived: ['version-changed'] },
  });
  await one.found.rooms.service.start('sample', (await run.world()).hold);
  await sick.begin('stop');
  await sick.change('stop');
  await sick.revert('stop');
  expect(await one.found.rooms.service.state('sample')).toMatchObject({ activity: 'active' });
});

test('on resume, a service that runs although it was stopped turns the run back; after the start it may run', async () => {
  const { one, run } = await scene();
  await run.forward('stop');
  await run.recheck('stop');
  await one.found.rooms.service.start('sample', (await run.world()).hold);
  await expect(run.recheck('stop')).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
  await run.begin('start');
  await run.recheck('stop');
});
