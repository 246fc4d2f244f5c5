import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { RefitError } from '../../../src/errors.ts';
import { processAlive, unitAlive } from '../../../src/runbook/worker/alive.ts';
import type { ServiceState } from '../../../src/service/service.ts';
import { realHost } from '../../data/workbench.ts';

const { commands } = realHost();

async function child() {
  const process = spawn('sleep', ['600']);
  await once(process, 'spawn');
  onTestFinished(() => void process.kill('SIGKILL'));
  return process;
}

async function end(process: Awaited<ReturnType<typeof child>>) {
  const ended = once(process, 'exit');
  process.kill('SIGKILL');
  await ended;
}

/** A manager that gives these answers, one a question, and fails the test at one question too many. */
function manager(...answers: readonly (number | undefined | RefitError)[]) {
  const left = [...answers];
  const state = async (): Promise<ServiceState> => {
    if (left.length === 0) throw new Error('asked once too often');
    const answer = left.shift();
    if (answer instanceof RefitError) throw answer;
    return { pid: answer } as ServiceState;
  };
  return { state };
}

test('a child lives until it ends', async () => {
  const process = await child();
  const alive = await processAlive(commands, process.pid ?? 0);
  expect(await alive()).toBe(true);
  await end(process);
  expect(await alive()).toBe(false);
});

test('a child that ended before the first look is gone, whoever bears its id later', async () => {
  const process = await child();
  let started: string | undefined;
  const processes = { startTimeOf: async () => started };
  const ended = await processAlive(processes, process.pid ?? 0);
  started = '12345';
  expect(await ended()).toBe(false);
  const reused = await processAlive(processes, process.pid ?? 0);
  started = '99999';
  expect(await reused()).toBe(false);
});

test('of a unit the manager is asked until it has answered, and no more', async () => {
  const process = await child();
  const busy = new RefitError('E_COMMAND_FAILED', 'Cannot ask the service manager');
  const alive = unitAlive(manager(busy, process.pid), commands, 'refit-sample.service');
  expect([await alive(), await alive(), await alive()]).toEqual([true, true, true]);
  await end(process);
  expect(await alive()).toBe(false);
});

test.each([
  ['collected', new RefitError('E_SERVICE_UNKNOWN', 'Cannot find the service')],
  ['without a process', undefined],
])('a unit that is %s is gone', async (_name, answer) => {
  expect(await unitAlive(manager(answer), commands, 'refit-sample.service')()).toBe(false);
});
