import { expect, test } from 'vitest';
import { unitOf } from '../../src/service/strangers.ts';

test.each([
  ['0::/system.slice/a.service', 'a.service'],
  ['0::/system.slice/a.service/sub', 'a.service'],
  ['12:cpu:/\n1:name=systemd:/system.slice/a.service\n0::/system.slice/a.service', 'a.service'],
  ['0::/user.slice/user-0.slice/session-3.scope', undefined],
  ['0::/system.slice/docker-0123.scope', 'docker-0123.scope'],
  ['0::/', undefined],
  ['', undefined],
])('%j', (cgroup, unit) => {
  expect(unitOf(cgroup)).toBe(unit);
});
