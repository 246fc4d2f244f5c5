import { expect, test } from 'vitest';
import { whoAsks } from '../../src/runbook/who-asks.ts';

test.each<[Record<string, string>, string]>([
  [{ SUDO_USER: 'anna', USER: 'root' }, 'anna'],
  [{ USER: 'root' }, 'root'],
  [{ LOGNAME: 'ben' }, 'ben'],
  [{}, 'uid 0'],
])('who asks, of %j, is %s', (environment, who) => {
  expect(whoAsks(environment, 0)).toBe(who);
});
