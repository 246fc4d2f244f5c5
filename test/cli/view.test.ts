import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import type { Context } from '../../src/cli/context.ts';
import { view } from '../../src/cli/view.ts';
import { runPaths, storePaths } from '../../src/runbook/store/paths.ts';
import { until } from '../host/scratch.ts';
import { RUN, records } from './support/made.ts';
import { type Desk, desk } from './support/open.ts';

const viewed = { installation: 'dockmesh', run: RUN, worker: undefined };

const contextOf = ({ terminal, workshop }: Desk, output: Context['output'] = 'table'): Context => ({
  terminal,
  output,
  workshop: async () => workshop,
  environment: {},
  workingDirectory: '/',
  typed: 'refit attach',
  given: new Set<string>(),
});

/** A process that holds the run's lock, as far as anybody can see. */
async function worker({ workshop }: Desk) {
  const child = spawn('sleep', ['600']);
  await once(child, 'spawn');
  onTestFinished(() => void child.kill('SIGKILL'));
  const pid = child.pid ?? 0;
  const startTime = (await workshop.host.commands.startTimeOf(pid)) ?? '';
  const holder = { pid, startTime, since: 'noon', who: 'ada', command: 'refit upgrade' };
  const store = storePaths(workshop.stateDirectory, 'dockmesh');
  return { child, lock: await workshop.host.lock.acquire(store.lock, holder), events: runPaths(store, RUN).events };
}

test('a run whose worker died before it began', async () => {
  const here = await desk();
  await expect(view(contextOf(here), here.workshop, viewed)).rejects.toMatchObject({
    code: 'E_WORKER_DIED',
    hint: expect.stringContaining('worker.log'),
  });
});

test('the first Ctrl-C asks the worker to pause, the second only leaves', async () => {
  const here = await desk({ records: records(3) });
  const { child, lock } = await worker(here);
  const ended = once(child, 'exit');
  const exit = view(contextOf(here), here.workshop, viewed);
  await until(() => here.terminal.interruptible);
  here.terminal.interrupt();
  expect(await ended).toEqual([null, 'SIGINT']);
  await until(() => here.terminal.stderr.includes('Pausing after this step'));
  here.terminal.interrupt();
  expect(await exit).toBe(9);
  expect(here.terminal.stderr).toMatch(/the run goes on without it\. refit attach shows it again\n$/);
  expect(here.terminal.stdout).toBe('');
  await lock[Symbol.asyncDispose]();
});

test('ndjson: events as they come, then that the view was left', async () => {
  const here = await desk({ records: records(3) });
  const { lock, events } = await worker(here);
  const event = { seq: 1, at: '2026-01-01T00:00:00.000Z', type: 'hop.commit', to: 'v0.2.13' };
  fs.writeFileSync(events, `${JSON.stringify(event)}\n`);
  const exit = view(contextOf(here, 'ndjson'), here.workshop, viewed);
  await until(() => here.terminal.stdout.includes('\n'));
  here.terminal.interrupt();
  here.terminal.interrupt();
  expect(await exit).toBe(9);
  const lines = here.terminal.stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line))).toEqual([event, { type: 'left', installation: 'dockmesh', run: RUN }]);
  await lock[Symbol.asyncDispose]();
});
