import fs from 'node:fs';
import { expect, test } from 'vitest';
import { factsOf } from '../../src/runbook/facts.ts';
import type { Planned } from '../../src/runbook/planned.ts';
import { type RehearsalOptions, rehearsePlan } from '../../src/runbook/rehearsal.ts';
import { judged } from '../cli/support/made.ts';
import { type Bench, bench, planned } from './workbench.ts';

const quiet: RehearsalOptions = {
  command: 'refit plan --rehearse',
  onInterrupt: () => undefined,
  report: () => undefined,
};

function withFacts({ plan, checks }: Planned, change: object): Pick<Planned, 'plan' | 'checks'> {
  return { checks, plan: { ...plan, facts: { ...factsOf(plan), ...change } } };
}

const left = ({ store }: Bench): readonly string[] => (fs.existsSync(store.root) ? fs.readdirSync(store.root) : []);

test('the steps of an upgrade are told, and the installed binary has no new one beside it', async () => {
  const one = await bench({ started: false });
  const told: string[] = [];
  const report: RehearsalOptions['report'] = (progress) => {
    if (progress.kind === 'note') told.push(progress.text.split(' ', 2).join(' '));
  };
  const rehearsal = await rehearsePlan(one.workshop, await planned(one), { ...quiet, report });
  expect(rehearsal).toMatchObject({ outcome: 'passed', before: 8, after: 10 });
  expect(told).toEqual([
    'Download sample_linux_amd64.tar.gz,',
    'Verify sample_linux_amd64.tar.gz,',
    'Unpack v0.2.13',
    'Learn the',
    'Check a',
    'Rehearse the',
  ]);
  expect(fs.readdirSync(`${one.sample.prefix}/bin`).filter((name) => name.startsWith('.refit'))).toEqual([]);
  expect(left(one)).toEqual(['releases', 'run.lock']);
});

test('where there is no migration or no database there is nothing to rehearse, and nothing is written', async () => {
  const one = await bench({ started: false });
  const whole = await planned(one);
  const { profile } = factsOf(whole.plan);
  const { migrate: _, ...bare } = profile;
  expect(await rehearsePlan(one.workshop, withFacts(whole, { profile: bare }), quiet)).toEqual({
    outcome: 'nothing',
    why: `${profile.title} has no migration`,
  });
  expect(await rehearsePlan(one.workshop, withFacts(whole, { database: undefined }), quiet)).toEqual({
    outcome: 'nothing',
    why: `there is no database of ${profile.title}`,
  });
  expect(left(one)).toEqual([]);
});

test('a disk that is too full for the upgrade is not filled by its rehearsal, unless that was waived', async () => {
  const one = await bench({ started: false });
  const { plan } = await planned(one);
  const low = judged({ code: 'low-space', severity: 'inhibit', measured: '1.0 MiB free at /' });
  expect(await rehearsePlan(one.workshop, { plan, checks: [low] }, quiet)).toMatchObject({
    outcome: 'failed',
    error: { code: 'E_CHECK_FAILED', message: 'Cannot rehearse the migration: low-space (1.0 MiB free at /)' },
    cache: { files: [] },
  });
  expect(left(one)).toEqual([]);
  expect(await rehearsePlan(one.workshop, { plan, checks: [{ ...low, waived: true }] }, quiet)).toMatchObject({
    outcome: 'passed',
  });
});

test('an interrupt ends it between two steps, and nothing but the download stays', async () => {
  const one = await bench({ started: false });
  let interrupt = (): void => undefined;
  const onInterrupt: RehearsalOptions['onInterrupt'] = (listener) => {
    interrupt = listener;
  };
  const report: RehearsalOptions['report'] = (progress) => {
    if (progress.kind === 'note' && progress.text.startsWith('Learn')) interrupt();
  };
  const rehearsal = await rehearsePlan(one.workshop, await planned(one), { ...quiet, onInterrupt, report });
  expect(rehearsal).toMatchObject({ outcome: 'failed', error: { code: 'E_DECLINED' } });
  expect(left(one)).toEqual(['releases', 'run.lock']);
});

test('a source that has lost the archive is told as such', async () => {
  const one = await bench({ started: false });
  const whole = await planned(one);
  const { target } = factsOf(whole.plan);
  if (target.kind !== 'release') throw new Error('an upgrade installs a release');
  const gone = target.archives.map((archive) => ({ ...archive, asset: { ...archive.asset, url: 'file:///no/such' } }));
  const rehearsal = await rehearsePlan(
    one.workshop,
    withFacts(whole, { target: { ...target, archives: gone } }),
    quiet,
  );
  expect(rehearsal).toMatchObject({ outcome: 'failed', error: { code: 'E_NOT_FOUND' } });
});

test('a state directory in which nothing may be run is told as such, and not held against the release', async () => {
  const one = await bench({ started: false });
  const rooms: typeof one.workshop.roomsFor = (kind) => {
    const whole = one.workshop.roomsFor(kind);
    const { commands } = whole.host;
    const noexec: typeof commands.query = async (argv, options) => {
      const done = await commands.query(argv, options);
      return argv[0] === 'findmnt' ? { ...done, stdout: 'rw,nosuid,noexec,relatime\n' } : done;
    };
    return { ...whole, host: { ...whole.host, commands: { ...commands, query: noexec } } };
  };
  const rehearsal = await rehearsePlan({ ...one.workshop, roomsFor: rooms }, await planned(one), quiet);
  expect(rehearsal).toMatchObject({
    outcome: 'failed',
    error: { code: 'E_CHECK_FAILED', message: expect.stringContaining('saw it mounted noexec') },
  });
  expect(left(one)).toEqual(['releases', 'run.lock']);
});
