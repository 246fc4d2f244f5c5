import fs from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { factsOf } from '../../src/runbook/facts.ts';
import { planUpgrade } from '../../src/runbook/plan-upgrade.ts';
import { runPaths } from '../../src/runbook/store/paths.ts';
import { newUlid } from '../../src/runbook/store/ulid.ts';
import { listing } from '../data/workbench.ts';
import { begin, textOf } from './records.ts';
import { type Bench, bench, kindsOf, planned, WISH } from './workbench.ts';

const shared = (): Promise<Bench> => {
  one ??= bench({ shared: true });
  return one;
};
let one: Promise<Bench> | undefined;

test('an upgrade is planned: from, to, steps, bytes, and what was chosen from what was asked', async () => {
  const { workshop, wish, sample } = await shared();
  const plan = await planned({ workshop, wish }, { to: 'v0.2.x' });
  expect(plan.plan).toMatchObject({ purpose: 'upgrade', installation: 'sample', from: 'v0.2.9', to: 'v0.2.13' });
  expect(plan.choice).toEqual({ asked: 'v0.2.x', chosen: 'v0.2.13' });
  expect(plan.source).toBe(wish.source);
  // A folder says no sizes.
  expect(plan.downloadBytes).toBeUndefined();
  expect(plan.dataBytes).toBeGreaterThan(1000);
  expect(kindsOf(plan.plan)).toEqual([
    'download',
    'prove',
    'unpack',
    'learn-schema',
    'baseline',
    'copy-live',
    'snapshot',
    'rehearse',
    'hot-copy',
    'arm-window',
    'stop',
    'copy-data',
    'swap-files',
    'start',
    'prove-schema',
    'verify-health',
    'prove-copy',
  ]);
  expect(factsOf(plan.plan).database).toEqual({ path: sample.database, table: 'schema_migrations', column: 'version' });
});

test('planning changes nothing on the disk, the database and its log included', async () => {
  const { workshop, wish, sample } = await bench();
  const before = listing(path.join(sample.prefix, 'lib'));
  await planned({ workshop, wish });
  expect(listing(path.join(sample.prefix, 'lib'))).toEqual(before);
  expect(fs.existsSync(workshop.stateDirectory)).toBe(false);
});

describe('refused', () => {
  test.each<[string, string, string, RegExp]>([
    ['an unparsable version', 'newest', 'E_VERSION_UNPARSABLE', /saw "newest"/],
    ['an unset variable', '', 'E_VERSION_UNPARSABLE', /saw ""/],
    ['a range that matches nothing', '>=0.9', 'E_RELEASE_UNKNOWN', /v0\.2\.13/],
    ['a version that is not there', 'v0.2.11', 'E_RELEASE_UNKNOWN', /v0\.2\.13/],
  ])('%s', async (_name, to, code, message) => {
    const { workshop, wish } = await shared();
    await expect(planUpgrade(workshop, { ...wish, to })).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  test('an older version; where nothing is known, nothing is promised', async () => {
    const { workshop, wish } = await bench({ from: 'v0.2.13', to: 'v0.2.9', started: false });
    await expect(planUpgrade(workshop, wish)).rejects.toMatchObject({
      code: 'E_DOWNGRADE',
      message: expect.stringContaining('v0.2.13 down to v0.2.9'),
      hint: 'No backup of before is known: refit history --installation sample',
    });
  });

  test('an older version, naming the backup that goes back', async () => {
    const { workshop, wish, store, found } = await bench({ from: 'v0.2.13', to: 'v0.2.9', started: false });
    const { plan } = await planned({ workshop, wish: { ...wish, to: 'v0.2.13' } }, {}).catch(() => ({
      plan: undefined,
    }));
    expect(plan).toBeUndefined();
    const run = newUlid(workshop.host.clock);
    const generations = `${found.installation.data.directories[0]?.path}-generations`;
    const past = {
      ...(await planned(await shared())).plan,
      from: 'v0.2.9',
      to: 'v0.2.13',
      facts: { generations, options: {} },
    };
    fs.mkdirSync(runPaths(store, run).directory, { recursive: true });
    fs.writeFileSync(
      runPaths(store, run).journal,
      textOf([begin(past, run), { type: 'hop.commit', hop: 0 }, { type: 'run.end', outcome: 'committed' }]),
    );
    fs.mkdirSync(`${generations}/${run}`, { recursive: true });
    fs.writeFileSync(`${generations}/${run}/run`, run);
    await expect(planUpgrade(workshop, wish)).rejects.toMatchObject({
      hint: `refit rollback goes back to v0.2.9 with its data, from ${generations}/${run}`,
    });
  });

  test('a binary that does not say its version, or cannot run', async () => {
    const { workshop, wish, sample } = await bench({ started: false });
    fs.writeFileSync(sample.binary, '#!/bin/sh\necho "sample dev (commit none, built now)"\n', { mode: 0o755 });
    await expect(planUpgrade(workshop, wish)).rejects.toMatchObject({
      code: 'E_VERSION_UNPARSABLE',
      message: expect.stringContaining(sample.binary),
    });
    fs.writeFileSync(sample.binary, 'nothing that runs');
    await expect(planUpgrade(workshop, wish)).rejects.toMatchObject({ code: 'E_VERSION_UNPARSABLE' });
    fs.rmSync(sample.binary);
    await expect(planUpgrade(workshop, wish)).rejects.toMatchObject({ code: 'E_VERSION_UNPARSABLE' });
  });

  test('an address from which no probe can be made, before anything is stopped', async () => {
    const { workshop, wish, sample } = await bench({ started: false });
    const text = fs.readFileSync(sample.envFile, 'utf8');
    fs.writeFileSync(sample.envFile, text.replace(/^SAMPLE_AGENT_LISTEN=.*$/m, 'SAMPLE_AGENT_LISTEN=nonsense'));
    await expect(planUpgrade(workshop, wish)).rejects.toMatchObject({
      code: 'E_CONFIG_INVALID',
      message: expect.stringContaining('nonsense'),
    });
  });

  test('no source at all', async () => {
    const { workshop, wish } = await shared();
    await expect(planUpgrade(workshop, { ...wish, source: undefined })).rejects.toMatchObject({
      code: 'E_USAGE',
      hint: expect.stringContaining('--source'),
    });
  });

  test('no product at all', async () => {
    const { workshop } = await shared();
    await expect(planUpgrade({ ...workshop, systemd: undefined }, WISH)).rejects.toMatchObject({
      code: 'E_INSTALLATION_UNKNOWN',
    });
  });
});

test('what is installed already is nothing to do', async () => {
  const { workshop, wish } = await shared();
  expect(await planUpgrade(workshop, { ...wish, to: 'v0.2.9' })).toEqual({
    nothingToDo: true,
    installation: 'sample',
    product: 'sample',
    version: 'v0.2.9',
    passedBy: [],
    tooNew: [],
  });
});

test('agents in a mode in which the server replaces them are an obstacle; with a token they are held', async () => {
  const { workshop, wish, sample } = await bench();
  const database = new DatabaseSync(sample.database);
  database.exec("INSERT OR REPLACE INTO settings (key, value) VALUES ('agent.upgrade_mode', 'auto')");
  database.close();
  const bare = await planned({ workshop, wish });
  expect(bare.checks.find(({ code }) => code === 'agent-policy')).toMatchObject({
    severity: 'inhibit',
    measured: '"auto"',
    waived: false,
  });
  const held = await planned({ workshop, wish }, { token: sample.token });
  expect(held.checks.find(({ code }) => code === 'agent-policy')).toMatchObject({ severity: 'ok' });
  expect(kindsOf(held.plan)).toContain('hold-agents');
  expect(JSON.stringify(held.plan)).not.toContain(sample.token);
});

test('edits of the env file are shown, and planned only with consent', async () => {
  const { workshop, wish, sample } = await bench({ started: false });
  const text = fs.readFileSync(sample.envFile, 'utf8');
  fs.writeFileSync(sample.envFile, text.replace(/^SAMPLE_BINARY_DIR=.*\n/m, ''));
  const shown = await planned({ workshop, wish });
  expect(shown.envDiff).toContain(`+SAMPLE_BINARY_DIR=${sample.prefix}/share/sample/bin`);
  expect(kindsOf(shown.plan)).not.toContain('edit-env');
  const consented = await planned({ workshop, wish }, { applyEnvEdits: true });
  expect(kindsOf(consented.plan)).toContain('edit-env');
  expect(consented.checks.find(({ code }) => code === 'agent-binaries')).toMatchObject({ severity: 'ok' });
});
