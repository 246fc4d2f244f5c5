import { expect, test } from 'vitest';
import { parseShow } from '../../src/service/show-output.ts';
import { parseState } from '../../src/service/unit-state.ts';

const stateOf = (properties: string) => parseState(parseShow(properties.replaceAll(' ', '\n')));

test.each([
  ['ActiveState=active', 'active'],
  ['ActiveState=reloading', 'active'],
  ['ActiveState=activating SubState=auto-restart', 'activating'],
  ['ActiveState=deactivating', 'deactivating'],
  ['ActiveState=inactive', 'inactive'],
  ['ActiveState=inactive Job=12', 'activating'],
  ['ActiveState=failed', 'failed'],
  ['ActiveState=failed Job=12', 'activating'],
])('%s', (properties, activity) => {
  expect(stateOf(properties).activity).toBe(activity);
});

test('an exit code and a signal are told apart, and neither is there while it runs', () => {
  expect(stateOf('ExecMainCode=1 ExecMainStatus=3')).toMatchObject({ exitCode: 3, exitSignal: undefined });
  expect(stateOf('ExecMainCode=2 ExecMainStatus=9')).toMatchObject({ exitCode: undefined, exitSignal: 9 });
  expect(stateOf('ExecMainCode=0 ExecMainStatus=0 MainPID=7 ExecMainStartTimestampMonotonic=55')).toMatchObject({
    pid: 7,
    startedAt: '55',
    exitCode: undefined,
    exitSignal: undefined,
  });
});

test('nobody has no pid and no start', () => {
  expect(stateOf('MainPID=0 ExecMainStartTimestampMonotonic=55 NRestarts=4')).toMatchObject({
    pid: undefined,
    startedAt: undefined,
    restarts: 4,
  });
});
