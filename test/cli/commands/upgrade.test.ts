import { expect, test } from 'vitest';
import { storePaths } from '../../../src/runbook/store/paths.ts';
import { records, rollbackPlan } from '../support/made.ts';
import { desk } from '../support/open.ts';

const paused = records(3, { type: 'run.pause', reason: 'signal' });

test('an open run goes on only where it was going', async () => {
  const { type } = await desk({ records: paused });
  await expect(type('upgrade', { to: 'v0.2.10', yes: true })).rejects.toMatchObject({
    code: 'E_RUN_OPEN',
    message: expect.stringContaining('to v0.2.13 is not finished'),
  });
});

test.each([undefined, 'v0.2.13', 'v0.2.x', 'latest'])('--to %s is where it was going: it asks', async (to) => {
  const { type, terminal } = await desk({ records: paused, asks: true, answer: 'no' });
  await expect(type('upgrade', { to })).rejects.toMatchObject({ code: 'E_DECLINED' });
  expect(terminal.stderr).toBe('Go on with the upgrade of dockmesh from v0.2.9 to v0.2.13? [y/N] ');
});

test('an open run spot-checks what it began with', async () => {
  const { type } = await desk({ records: paused });
  await expect(type('upgrade', { spotCheck: ['web'], yes: true })).rejects.toMatchObject({
    code: 'E_RUN_OPEN',
    message: expect.stringMatching(/^Cannot spot-check web in the run \w+: it began with none$/),
  });
});

test('without a terminal and without --yes', async () => {
  const { type } = await desk({ records: paused });
  await expect(type('upgrade')).rejects.toMatchObject({ code: 'E_CONFIRMATION_NEEDED' });
});

test('an open rollback is not an upgrade', async () => {
  const { type } = await desk({ records: records(1), of: rollbackPlan() });
  await expect(type('upgrade', { yes: true })).rejects.toMatchObject({ code: 'E_RUN_OPEN' });
});

test.each(['upgrade', 'rollback', 'resume', 'fetch'])('%s while a worker is at it', async (verb) => {
  const { type, workshop } = await desk({ records: paused });
  const holder = { pid: 1, startTime: '1', since: 'noon', who: 'ada', command: 'refit upgrade' };
  await using _ = await workshop.host.lock.acquire(storePaths(workshop.stateDirectory, 'dockmesh').lock, holder);
  await expect(type(verb, { yes: true })).rejects.toMatchObject({
    code: 'E_LOCKED',
    message: 'Cannot change dockmesh now: saw ada with "refit upgrade" since noon at work on it',
    hint: 'refit attach shows it',
  });
});

test('a host without any product', async () => {
  const { type } = await desk();
  await expect(type('upgrade', { yes: true })).rejects.toMatchObject({
    code: expect.stringMatching(/^E_INSTALLATION|^E_NOT_ROOT/),
  });
});
