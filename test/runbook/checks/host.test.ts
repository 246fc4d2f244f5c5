import { spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Crossing } from '../../../src/product/schema.ts';
import type { CheckResult } from '../../../src/runbook/checks/check.ts';
import { checkCrossings } from '../../../src/runbook/checks/crossings.ts';
import { checkInstallation } from '../../../src/runbook/checks/installation.ts';
import { checkJobs } from '../../../src/runbook/checks/jobs.ts';
import { checkLeftVersion } from '../../../src/runbook/checks/left-version.ts';
import { checkObstacles } from '../../../src/runbook/checks/obstacles.ts';
import { checkStrangers } from '../../../src/runbook/checks/strangers.ts';
import { checkTools } from '../../../src/runbook/checks/tools.ts';
import { checked, looked, withInstallation, withOptions, withProfile } from './scene.ts';

/** What a person reads first of each. */
const brief = (results: readonly CheckResult[]) =>
  results.map(({ code, severity, measured }) => [code, severity, measured]);

test('the programs refit starts are here; one that is not is named', async () => {
  const scene = await looked();
  const [fine] = await checkTools(scene);
  expect(fine).toMatchObject({
    code: 'tool-missing',
    severity: 'ok',
    measured: expect.stringMatching(/^\d+ programs found$/),
  });
  const { commands } = scene.workshop.host;
  const find = async (name: string) => (name === 'setpriv' || name === 'flock' ? undefined : commands.find(name));
  const host = { ...scene.workshop.host, commands: { ...commands, find } };
  const [poor] = await checkTools({ ...scene, workshop: { ...scene.workshop, host } });
  expect(poor).toMatchObject({ severity: 'inhibit', measured: 'not found: setpriv, flock' });
});

test('under systemd its programs are wanted too', async () => {
  const scene = await looked();
  const { installation } = scene.facts;
  const asked: string[] = [];
  const find = async (name: string) => `/usr/bin/${asked.push(name)}`;
  const host = { ...scene.workshop.host, commands: { ...scene.workshop.host.commands, find } };
  await checkTools({
    ...scene,
    workshop: { ...scene.workshop, host },
    facts: { ...scene.facts, installation: { ...installation, manager: 'systemd' } },
  });
  expect(asked).toEqual(expect.arrayContaining(['systemctl', 'systemd-run', 'journalctl', 'cp', 'setpriv']));
  expect(asked).not.toContain('flock');
});

test('somebody who runs the same file by hand is found, by number', async () => {
  const scene = await checked({ started: true });
  expect(brief(await checkStrangers(scene))).toEqual([['run-by-hand', 'ok', 'only sample runs it']]);
  const copy = path.join(scene.bench.directory, 'server');
  fs.copyFileSync('/bin/sleep', copy);
  fs.chmodSync(copy, 0o755);
  const child = spawn(copy, ['60']);
  onTestFinished(() => void child.kill('SIGKILL'));
  const [result] = await checkStrangers(withInstallation(scene, { execPath: copy }));
  expect(result).toMatchObject({
    code: 'run-by-hand',
    severity: 'inhibit',
    measured: expect.stringContaining(`${child.pid}`),
  });
});

test('what was found while the installation was detected is passed on as it is', async () => {
  const finding = { code: 'setup-force', severity: 'inhibit', measured: 'm', limit: 'l', remedy: 'r' } as const;
  const scene = withInstallation(await looked(), { findings: [finding] });
  expect(await checkInstallation(scene)).toEqual([finding]);
});

test('files that can be replaced are counted; one that cannot is named', async () => {
  const scene = await checked();
  expect(brief(await checkObstacles(scene))).toEqual([['files', 'ok', '5 files can be replaced']]);
  fs.rmSync(scene.bench.sample.binary);
  fs.mkdirSync(scene.bench.sample.binary);
  expect(await checkObstacles(scene)).toEqual([
    expect.objectContaining({
      code: 'not-a-file',
      severity: 'inhibit',
      measured: expect.stringContaining(scene.bench.sample.binary),
    }),
  ]);
});

test.each<[string, readonly string[] | undefined, [string, string, string][]]>([
  [
    'that run',
    ['backup-running'],
    [
      ['backup-running', 'inhibit', 'a backup is running'],
      ['stack-migration-running', 'ok', 'no sign of a migration of a stack between hosts'],
    ],
  ],
  [
    'that do not run',
    [],
    [
      ['backup-running', 'ok', 'no sign of a backup'],
      ['stack-migration-running', 'ok', 'no sign of a migration of a stack between hosts'],
    ],
  ],
  ['of which nothing can be known', undefined, [['jobs', 'warning', 'not checked: no readable copy of the database']]],
])('jobs %s', async (_name, runningJobs, expected) => {
  const peek =
    runningJobs === undefined ? undefined : { agentMode: 'manual', agentArches: [], schema: [], runningJobs };
  expect(brief(await checkJobs({ ...(await looked()), peek }))).toEqual(expected);
});

test('a job that only the API knows is not called absent', async () => {
  const job = { kind: 'list', code: 'scan', name: 'a scan', why: 'w', remedy: 'wait', url: 'http://x/' } as const;
  const scene = {
    ...withProfile(await looked(), { jobs: [job] }),
    peek: { agentMode: 'manual', agentArches: [], schema: [], runningJobs: [] },
  };
  expect(brief(await checkJobs(scene))).toEqual([['scan', 'warning', 'not checked: a scan is not in the database']]);
});

const CROSSING: Crossing = {
  code: 'new-key',
  since: 'v0.2.10',
  key: 'SAMPLE_NEW',
  value: 'yes',
  copy: [],
  severity: 'inhibit',
  why: 'it is needed',
};
const { value: _value, ...withoutValue } = CROSSING;

test.each<[string, Crossing, { readonly envFile?: string | undefined }, object, string, RegExp]>([
  ['offered', CROSSING, {}, {}, 'inhibit', /^add SAMPLE_NEW=yes to .*sample\.env \(--apply-crossings does it\)$/],
  ['consented to', CROSSING, {}, { envEdits: [{ key: 'SAMPLE_NEW', value: 'yes' }] }, 'ok', /^add SAMPLE_NEW=yes/],
  ['without a value that refit could know', withoutValue, {}, {}, 'inhibit', /^set SAMPLE_NEW in .*sample\.env$/],
  [
    'where there is no env file',
    CROSSING,
    { envFile: undefined },
    {},
    'inhibit',
    /^add SAMPLE_NEW=yes to the environment of the service$/,
  ],
])('a crossing %s', async (_name, crossing, installation, options, severity, remedy) => {
  const scene = withOptions(withInstallation(await looked(), installation), options);
  const { profile } = scene.found;
  const found = {
    ...scene.found,
    profile: { ...profile, env: { ...profile.env, crossings: [crossing as typeof CROSSING] } },
  };
  expect(await checkCrossings({ ...scene, found })).toEqual([
    expect.objectContaining({ code: 'new-key', severity, remedy: expect.stringMatching(remedy) }),
  ]);
});

test.each([
  ['v0.2.9', 'ok'],
  ['v0.2.8', 'inhibit'],
])('a rollback from what the last run left, %s, is %s', async (left, severity) => {
  const scene = await looked();
  const target = { kind: 'generation', version: 'v0.2.8', root: '/g', run: 'R', left } as const;
  expect(await checkLeftVersion({ ...scene, facts: { ...scene.facts, target } })).toEqual([
    expect.objectContaining({ code: 'version-changed', severity, measured: 'v0.2.9 is installed' }),
  ]);
  expect(await checkLeftVersion(scene)).toEqual([]);
});
