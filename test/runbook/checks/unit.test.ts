import { expect, test } from 'vitest';
import { checkUnit } from '../../../src/runbook/checks/unit.ts';
import type { UnitFacts } from '../../../src/service/service.ts';
import { checked, looked, withUnit } from './scene.ts';

test('a loaded unit that runs is fine, and every value is reported', async () => {
  const results = await checkUnit(await checked({ started: true }));
  expect(results.map(({ code, severity, measured }) => [code, severity, measured])).toEqual([
    ['unit-broken', 'ok', 'sample is loaded'],
    ['unit-inactive', 'ok', 'sample is active (running)'],
    ['unit-changed', 'ok', 'unit files as loaded'],
    ['unit-triggered', 'ok', 'nothing triggers it'],
  ]);
});

test('a service that does not run cannot be compared with itself afterwards', async () => {
  const results = await checkUnit(await looked());
  expect(results.find(({ code }) => code === 'unit-inactive')).toMatchObject({
    severity: 'inhibit',
    measured: 'sample is inactive (dead)',
    remedy: 'systemctl start sample',
  });
});

test.each<[string, Partial<UnitFacts>, object]>([
  [
    'masked',
    { loadState: 'masked' },
    { code: 'unit-masked', severity: 'inhibit', measured: 'sample is masked', remedy: 'systemctl unmask sample' },
  ],
  [
    'broken',
    { loadState: 'bad-setting' },
    { code: 'unit-broken', severity: 'inhibit', measured: 'sample is bad-setting' },
  ],
  [
    'changed on disk',
    { needDaemonReload: true },
    { code: 'unit-changed', severity: 'inhibit', remedy: 'systemctl daemon-reload' },
  ],
  [
    'triggered',
    { triggeredBy: ['a.socket', 'b.timer'] },
    { code: 'unit-triggered', severity: 'warning', measured: 'a.socket, b.timer may start it' },
  ],
  [
    'with a root of its own',
    { rootDirectory: '/srv/root' },
    { code: 'unit-root', severity: 'inhibit', measured: 'sample runs in /srv/root' },
  ],
])('a unit that is %s', async (_name, unit, expected) => {
  const results = await checkUnit(withUnit(await looked(), unit));
  expect(results).toContainEqual(expect.objectContaining(expected));
});
