import { expect, test } from 'vitest';
import { inhibitors, runChecks, runHostChecks } from '../../../src/runbook/checks/all.ts';
import { checked, looked, withOptions, withUnit } from './scene.ts';

test('every question is asked, and a healthy host has nothing against an upgrade', async () => {
  const results = await runChecks({
    ...(await checked({ started: true })),
    peek: { agentMode: 'manual', agentArches: [], schema: [], runningJobs: [] },
  });
  expect(inhibitors(results)).toEqual([]);
  expect([...new Set(results.map(({ code }) => code))]).toEqual([
    'tool-missing',
    'unit-broken',
    'unit-inactive',
    'unit-changed',
    'unit-triggered',
    'run-by-hand',
    'files',
    'low-space',
    'backup-running',
    'stack-migration-running',
    'database-locked',
    'agent-policy',
  ]);
  for (const { measured, limit, remedy } of results) expect([measured, limit, remedy]).not.toContain('');
});

test('a waiver lets pass what it names, and nothing else; what is fine needs none', async () => {
  const scene = withUnit(await looked(), { needDaemonReload: true });
  expect(inhibitors(await runChecks(scene)).map(({ code }) => code)).toEqual(['unit-inactive', 'unit-changed']);
  const waived = await runChecks(withOptions(scene, { waived: ['unit-changed', 'run-by-hand'] }));
  expect(inhibitors(waived).map(({ code }) => code)).toEqual(['unit-inactive']);
  expect(waived.filter((result) => result.waived).map(({ code }) => code)).toEqual(['unit-changed']);
});

test('a host on which nothing is installed is asked for room and for places', async () => {
  expect((await runHostChecks(await looked())).map(({ code }) => code)).toEqual(['files', 'low-space']);
});
