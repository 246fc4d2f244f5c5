import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ask } from '../../../scripts/install-sample.mjs';
import { workshopOf } from '../../../src/assemble.ts';
import { plainEffects } from '../../../src/host/effects.ts';
import { readIdentity } from '../../../src/host/node-host.ts';
import { runPaths } from '../../../src/runbook/store/paths.ts';
import { readRun } from '../../../src/runbook/store/runs.ts';
import { follow } from '../../../src/runbook/worker/follow.ts';
import { type Job, type Launched, launch } from '../../../src/runbook/worker/launch.ts';
import type { WorkRequest } from '../../../src/runbook/worker/request.ts';
import { scratch } from '../../fixtures/scene.ts';
import { type Bench, bench, planned } from '../workbench.ts';

const NEVER = new AbortController().signal;
const job = (more: Partial<Job>): Job => ({
  installation: 'sample',
  unit: undefined,
  command: 'refit upgrade',
  ...more,
});

/** Watches to the end; `each` may kill. */
async function watch(
  { workshop, store }: Bench,
  worker: Launched,
  each: (type: string, pid: number) => void = () => undefined,
) {
  let pid = 0;
  const events = follow(workshop.host, store, worker.run, { worker, leave: NEVER });
  for (;;) {
    const next = await events.next();
    if (next.done === true) return next.value;
    if (next.value.type === 'worker.start') pid = next.value.pid;
    each('title' in next.value ? `${next.value.type} ${next.value.title}` : next.value.type, pid);
  }
}

test('a worker of its own is killed in the window; another one, told nothing but the run, finishes', async () => {
  const one = await bench();
  const { plan } = await planned(one);
  const first = await launch(one.workshop, job({ plan }));
  const answer = await watch(one, first, (what, pid) => {
    if (what.startsWith('step.begin Stop')) process.kill(pid, 'SIGKILL');
  });
  expect(answer).toBeUndefined();
  expect((await readRun(one.workshop.host.files, one.store, first.run))?.state.ended).toBeUndefined();
  const second = await launch(one.workshop, job({ run: first.run, command: 'refit resume' }));
  expect(second.run).toBe(first.run);
  const { directory, events } = runPaths(one.store, first.run);
  const before = fs.readFileSync(events).subarray(0, second.eventsFrom).toString();
  expect([first.eventsFrom, before.match(/worker\.start/g)?.length]).toEqual([0, 1]);
  expect(await watch(one, second)).toEqual({ exit: 0 });
  expect((await ask(`${one.sample.url}/healthz/ready`))?.body).toBe('ready');
  expect(fs.statSync(directory).mode & 0o777).toBe(0o700);
  for (const name of fs.readdirSync(directory))
    expect([name, fs.statSync(path.join(directory, name)).mode & 0o077]).toEqual([name, 0]);
});

test('what the person has in the environment for the network goes along, 0600, and is gone with the worker; a token too', async () => {
  const one = await bench({ started: false });
  const { plan } = await planned(one);
  const { identity } = one.workshop.host;
  const host = {
    ...one.workshop.host,
    identity: { ...identity, environment: { ...identity.environment, GITHUB_TOKEN: 'ghp_secret', NO_PROXY: '*' } },
  };
  const launched = await launch({ ...one.workshop, host }, job({ plan, until: 'fetch', token: 'dmt_secret' }));
  const { directory, token } = runPaths(one.store, launched.run);
  expect([fs.readFileSync(token, 'utf8'), fs.statSync(token).mode & 0o777]).toEqual(['dmt_secret\n', 0o600]);
  expect(await watch(one, launched)).toEqual({ exit: 0 });
  for (const name of fs.readdirSync(directory).filter((each) => each !== 'token')) {
    const file = path.join(directory, name);
    if (fs.statSync(file).isFile())
      expect([name, /ghp_secret|dmt_secret/.test(fs.readFileSync(file, 'utf8'))]).toEqual([name, false]);
  }
  const back = await launch(one.workshop, job({ run: launched.run, turn: true }));
  expect(await watch(one, back)).toEqual({ exit: 0 });
  expect(fs.existsSync(token)).toBe(false);
});

test('what refit.yaml says of the network goes along too, by absolute paths: a worker works elsewhere', async () => {
  const directory = scratch();
  const told = path.join(directory, 'told.json');
  const identity = {
    ...readIdentity(),
    uid: 1000,
    environment: { NO_PROXY: 'mirror.test', REFIT_CA_FILE: '/etc/ssl/old.pem', HOME: '/root' },
    workingDirectory: directory,
    self: ['/bin/sh', '-c', `cp "$1" ${told}.part && mv ${told}.part ${told}`] as const,
  };
  const network = { proxy: 'http://proxy.test:3128', caFile: 'ours.pem' };
  const workshop = await workshopOf(plainEffects, { ...identity, self: [...identity.self] }, directory, network);
  const { alive } = await launch(workshop, job({ run: 'R' }));
  await expect.poll(alive).toBe(false);
  expect((JSON.parse(fs.readFileSync(told, 'utf8')) as WorkRequest).network).toEqual({
    NO_PROXY: 'mirror.test',
    http_proxy: 'http://proxy.test:3128',
    https_proxy: 'http://proxy.test:3128',
    REFIT_CA_FILE: path.join(directory, 'ours.pem'),
  });
});

test('a worker that cannot be started leaves neither a run nor its secrets', async () => {
  const one = await bench({ started: false });
  const { plan } = await planned(one);
  const { identity } = one.workshop.host;
  const host = { ...one.workshop.host, identity: { ...identity, self: ['/nowhere/refit'] as const } };
  await expect(
    launch(
      { ...one.workshop, host: { ...host, identity: { ...host.identity, self: ['/nowhere/refit'] } } },
      job({ plan, token: 'dmt_secret' }),
    ),
  ).rejects.toMatchObject({ code: 'E_COMMAND_MISSING' });
  expect(fs.readdirSync(one.store.runs)).toEqual([]);
});

test('a run is named after all that were there, whatever the clock says', async () => {
  const one = await bench({ started: false });
  const { plan } = await planned(one);
  const future = '7ZZZZZZZZ0000000000000000A';
  fs.mkdirSync(path.join(one.store.runs, future), { recursive: true });
  const launched = await launch(one.workshop, job({ plan, until: 'fetch' }));
  expect(launched.run > future).toBe(true);
  expect(await watch(one, launched)).toEqual({ exit: 0 });
});
