import { expect, test } from 'vitest';
import { describeState, isGone } from '../../../src/runbook/steps/await-answer.ts';
import type { ServiceState } from '../../../src/service/service.ts';

const RUNNING: ServiceState = {
  activity: 'active',
  detail: 'running',
  pid: 7,
  startedAt: '1',
  restarts: 0,
  result: 'success',
  exitCode: undefined,
  exitSignal: undefined,
};

/** Looks at a unit with Restart=on-failure, in the order in which a poller may meet them. */
test.each<[string, Partial<ServiceState>, boolean]>([
  ['running', {}, false],
  ['queued or starting', { activity: 'activating', detail: 'start' }, false],
  ['stopped', { activity: 'inactive', detail: 'dead', pid: undefined }, true],
  ['failed for good', { activity: 'failed', detail: 'failed', result: 'exit-code', exitCode: 1 }, true],
  ['refused by the start limit', { activity: 'failed', result: 'start-limit-hit', restarts: 5 }, true],
  // RestartSec=5s: the unit is seen waiting.
  [
    'after its first crash, waiting',
    { activity: 'activating', detail: 'auto-restart', result: 'exit-code', exitCode: 1 },
    false,
  ],
  ['started again after its first crash', { restarts: 1 }, false],
  [
    'after its second crash, waiting',
    { activity: 'activating', detail: 'auto-restart', result: 'exit-code', restarts: 1 },
    true,
  ],
  [
    'killed by a signal twice, waiting',
    { activity: 'activating', detail: 'auto-restart', result: 'signal', restarts: 1 },
    true,
  ],
  // RestartSec=100ms: the unit is seen running nearly always, and only the number grows.
  ['started for the third time', { restarts: 2 }, true],
  ['in a long crash loop, caught running', { restarts: 40 }, true],
  ['in a long crash loop, caught waiting', { activity: 'activating', result: 'exit-code', restarts: 40 }, true],
  ['ending its second run in good order', { activity: 'deactivating', restarts: 1 }, false],
])('%s: gone is %s', (_name, state, gone) => {
  expect(isGone({ ...RUNNING, ...state })).toBe(gone);
});

test('a state is described with what a person looks for', () => {
  expect(describeState({ ...RUNNING, activity: 'failed', result: 'exit-code', exitCode: 1, restarts: 2 })).toBe(
    'unit failed (exit-code, exit 1), 2 restarts',
  );
  expect(describeState(RUNNING)).toBe('unit active (success), 0 restarts');
});
