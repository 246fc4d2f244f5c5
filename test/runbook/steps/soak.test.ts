import { expect, test } from 'vitest';
import { type Course, courseOf } from '../../../src/runbook/steps/soak.ts';
import type { ServiceState } from '../../../src/service/service.ts';

const BEFORE: ServiceState = {
  activity: 'active',
  detail: 'running',
  pid: 7,
  startedAt: '1',
  restarts: 1,
  result: 'success',
  exitCode: undefined,
  exitSignal: undefined,
};

/** Looks at a unit that had crashed once before the soak. */
test.each<[string, Partial<ServiceState>, Course]>([
  ['the same process', {}, 'same'],
  ['somebody stops it', { activity: 'deactivating', detail: 'stop-sigterm' }, 'restarting'],
  ['somebody stopped it', { activity: 'inactive', detail: 'dead', pid: undefined, restarts: 0 }, 'restarting'],
  ['somebody starts it', { activity: 'activating', detail: 'start-pre', restarts: 0 }, 'restarting'],
  [
    'somebody starts it that ended badly when stopped',
    { activity: 'activating', detail: 'dead', result: 'exit-code' },
    'restarting',
  ],
  ['somebody started it', { pid: 8, startedAt: '2', restarts: 0 }, 'restarted'],
  ['another process by the same number', { startedAt: '2', restarts: 0 }, 'restarted'],
  ['it ended and waits', { activity: 'activating', detail: 'auto-restart', result: 'exit-code' }, 'ended'],
  ['it ended and was started by Restart=', { pid: 8, startedAt: '2', restarts: 2 }, 'ended'],
  ['it ended well, Restart=always', { activity: 'activating', detail: 'start', restarts: 2 }, 'ended'],
  ['it failed for good', { activity: 'failed', result: 'signal', pid: undefined }, 'ended'],
])('%s: %s', (_title, now, course) => {
  expect(courseOf(BEFORE, { ...BEFORE, ...now })).toBe(course);
});
