import fs from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { BreakMode } from '../../scripts/build-sample.mjs';
import { ask } from '../../scripts/install-sample.mjs';
import { expectToFit } from '../support/json-schema.ts';
import { linesOf, notesOf, ofRun, recordsOf, runsOf } from './support/journal.ts';
import { type Before, expectKept, expectNew, expectOld, look } from './support/outcome.ts';
import { until } from './support/processes.ts';
import { profileWith } from './support/profile.ts';
import { NEW, OLD, type Outcome, openScene, type Scene } from './support/scene.ts';

/**
 * Nothing of this is the release's doing: not one of these runs may go back by itself. What takes a real installation minutes
 * is scaled with the profile's own times: agents back after 95 s of 150 s of patience are here 1.5 s of 3 s.
 */
interface Quiet extends Scene {
  readonly docker: string;
  /** Words of every upgrade here. */
  readonly words: readonly string[];
}

interface Options {
  readonly breaks?: Readonly<Record<string, BreakMode>>;
  readonly env?: readonly string[];
  readonly times?: Parameters<typeof profileWith>[1];
  readonly start?: boolean;
}

const RUNNING = { app: 'running', db: 'running' };

async function open({ breaks = {}, env = [], times = {}, start = true }: Options = {}): Promise<Quiet> {
  const scene = await openScene({
    breaks,
    agents: [{ name: 'edge-1' }, { name: 'edge-2', status: 'offline' }],
    start: false,
  });
  const docker = path.join(scene.directory, 'docker.json');
  const token = path.join(scene.directory, 'token');
  fs.writeFileSync(token, `${scene.installed.token}\n`, { mode: 0o600 });
  fs.appendFileSync(scene.installed.envFile, [`SAMPLE_DOCKER=${docker}`, ...env].map((line) => `${line}\n`).join(''));
  const words = ['--token-file', token, '--profile', profileWith(scene, times), '--yes'];
  const quiet = Object.assign(scene, { docker, words });
  writeDocker(quiet, RUNNING);
  if (start) await scene.start();
  return quiet;
}

function writeDocker({ docker }: Quiet, services: Readonly<Record<string, string>>): void {
  const web = Object.entries(services).map(([service, state]) => ({
    service,
    container_id: service,
    state,
    status: '',
  }));
  fs.writeFileSync(docker, JSON.stringify({ web }));
}

const upgrade = (scene: Quiet, to = NEW, ...more: readonly string[]): Promise<Outcome> =>
  scene.refit(['upgrade', '--to', to, '--source', scene.releases, ...scene.words, ...more]);

/** Docker goes away once everything was noted as it was. */
async function upgradeLosingDocker(scene: Quiet): Promise<Outcome> {
  const run = upgrade(scene);
  const journal = (): string => ofRun(scene, 'journal.jsonl');
  await until('the look before', () => fs.existsSync(journal()) && recordsOf(scene).includes('step.end baseline'));
  fs.rmSync(scene.docker);
  return run;
}

/** Docker goes away when everything has been well and is only watched on. */
async function upgradeLosingDockerLate(scene: Quiet): Promise<Outcome> {
  const run = upgrade(scene);
  await until('the soak', () => runsOf(scene).length > 0 && notesOf(scene).includes('it answers; watching it for'));
  await setTimeout(1_000);
  fs.rmSync(scene.docker);
  return run;
}

function expectNoWayBack(scene: Scene): void {
  expect(recordsOf(scene).filter((record) => /^(run\.turn|undo|step\.fail)/.test(record))).toEqual([]);
}

async function expectCommitted(scene: Quiet, { exit, stdout, stderr }: Outcome, before: Before): Promise<void> {
  expect({ exit, stdout, stderr }).toMatchObject({ exit: 0 });
  expectNoWayBack(scene);
  await expectNew(scene, before);
}

/** Paused with the new version up, its data as it was, and the reason in the result. */
async function expectPaused(
  scene: Quiet,
  outcome: Outcome,
  saw: RegExp,
  { before, tells = NEW }: { readonly before: Before; readonly tells?: string | null },
): Promise<void> {
  const [now, happened, next] = outcome.stdout.trimEnd().split('\n').slice(-3);
  expect({ exit: outcome.exit, now }, outcome.stderr).toEqual({ exit: 9, now: expect.stringContaining('at v0.2.13') });
  expect(happened).toMatch(/^paused at v0\.2\.13: Cannot judge sample .*\[E_HEALTH_EXTERNAL\]; it was away for /);
  expect(happened).toMatch(saw);
  expect(next).toBe(
    'next: refit resume once that is mended, or with --waive external as it is, refit rollback goes back',
  );
  expect(linesOf(ofRun(scene, 'journal.jsonl')).at(-1)).toMatchObject({ type: 'run.pause', reason: 'external' });
  expectNoWayBack(scene);
  await expectKept(scene, before, tells ?? undefined);
}

test.concurrent('a start three times as slow as the slowest here, and longer than the profile allows', async () => {
  const times = { startTimeout: '1s' };
  await using scene = await open({ breaks: { [NEW]: 'slow' }, env: ['SAMPLE_START_MS=600'], times });
  expect(await upgrade(scene, 'v0.2.10', '--deadline', '1m')).toMatchObject({ exit: 0 });
  const before = await look(scene);
  const outcome = await upgrade(scene);
  expect(outcome).toMatchObject({ exit: 0 });
  expectNoWayBack(scene);
  await expectKept(scene, before, NEW);
});

test.concurrent('Docker down before and after: told, and held against nobody', async () => {
  await using scene = await open();
  fs.rmSync(scene.docker);
  const before = await look(scene);
  const outcome = await upgrade(scene, NEW, '-o', 'json');
  expectToFit('events', outcome.stdout);
  await expectCommitted(scene, outcome, before);
  const { health } = JSON.parse(outcome.stdout) as { health: { already: { row: string }[]; external: unknown[] } };
  expect(health.already.map(({ row }) => row)).toContain('docker');
  expect(health.external).toEqual([]);
});

test.concurrent('Docker down late in the soak, when all had been well: paused', async () => {
  await using scene = await open({ times: { soak: '2s' } });
  const before = await look(scene);
  await expectPaused(scene, await upgradeLosingDockerLate(scene), /docker: true -> false/, { before });
});

test.concurrent('Docker down after: paused, in every report; back again: resumed and committed', async () => {
  await using scene = await open();
  const before = await look(scene);
  await expectPaused(scene, await upgradeLosingDocker(scene), /docker: true -> false; containers web/, {
    before,
  });
  const { open: run } = JSON.parse(fs.readFileSync(path.join(scene.state, 'state.json'), 'utf8')) as { open: object };
  expect(run).toMatchObject({ standing: 'paused', paused: 'external', exit: 9, error: { code: 'E_HEALTH_EXTERNAL' } });
  expect((await scene.refit(['status'])).stdout).toMatch(
    /paused: refit resume once that is mended.*\n {2}because: .*docker/,
  );
  const again = await scene.refit(['resume', '-o', 'json']);
  expectToFit('events', again.stdout);
  expectToFit('status', (await scene.refit(['status', '-o', 'json'])).stdout);
  expect({ exit: again.exit, ...JSON.parse(again.stdout) }).toMatchObject({
    exit: 9,
    standing: 'paused',
    paused: 'external',
    error: { code: 'E_HEALTH_EXTERNAL', message: expect.stringContaining('docker: true -> false') },
    health: { external: expect.arrayContaining([expect.objectContaining({ row: 'docker', after: 'false' })]) },
    service: { running: true, version: NEW, answers: true },
  });
  writeDocker(scene, RUNNING);
  await expectCommitted(scene, await scene.refit(['resume']), before);
});

test.concurrent('Docker down after: whoever wants back goes back, with the data', async () => {
  await using scene = await open();
  const before = await look(scene);
  expect(await upgradeLosingDocker(scene)).toMatchObject({ exit: 9 });
  expect(await scene.refit(['rollback', '--yes'])).toMatchObject({ exit: 0 });
  await expectOld(scene, before);
});

test.concurrent('whoever waives what is outside commits it so, and is told', async () => {
  await using scene = await open({ breaks: { [NEW]: 'busy' } });
  const before = await look(scene);
  const outcome = await upgrade(scene, NEW, '--waive', 'external', '--because', 'known');
  await expectCommitted(scene, outcome, before);
  expect(outcome.stdout).toMatch(
    /; warning: not well, for a reason outside of this release: alerts: a list of 1 -> 429/,
  );
  expect(outcome.stdout).toMatch(/; waived external \(alerts: a list of 1 -> 429.*\), by \S+ because known$/m);
});

test.concurrent('too many requests for a while, at every address: waited for', async () => {
  await using scene = await open({ breaks: { [NEW]: 'burst' } });
  const before = await look(scene);
  await expectCommitted(scene, await upgrade(scene), before);
});

test.concurrent('agents that come back late: waited for', async () => {
  await using scene = await open({ breaks: { [NEW]: 'agent-late' } });
  const before = await look(scene);
  await expectCommitted(scene, await upgrade(scene), before);
  expect(notesOf(scene)).toMatch(/waiting up to \d+ ms for what was well before: hosts edge-1: online -> offline/);
});

test.concurrent.each<[string, BreakMode, RegExp, string | null]>([
  ['every address', 'throttled', /ready: well -> 429 too many requests/, null],
  ['one address', 'busy', /alerts: a list of 1 -> 429/, NEW],
])('too many requests for good, at %s: paused', async (_where, mode, saw, tells) => {
  await using scene = await open({ breaks: { [NEW]: mode }, times: { startTimeout: '1s', timeout: '1s' } });
  const before = await look(scene);
  await expectPaused(scene, await upgrade(scene), saw, { before, tells });
});

test.concurrent('a probe that failed before and fails after, for whatever reason it has: paused', async () => {
  const times = { startTimeout: '1s', timeout: '1s' };
  await using scene = await open({ breaks: { [OLD]: 'health', [NEW]: 'health' }, times, start: false });
  await scene.restart();
  await until('an answer', async () => (await ask(`${scene.installed.url}/healthz/ready`))?.status === 503);
  const before = await look(scene);
  const saw = /ready: 503 db unreachable: broken -> 503 db unreachable: broken/;
  await expectPaused(scene, await upgrade(scene), saw, { before });
});

test.concurrent('a container and an agent that were down before: told', async () => {
  await using scene = await open();
  writeDocker(scene, { ...RUNNING, db: 'exited' });
  const before = await look(scene);
  const outcome = await upgrade(scene, NEW, '-o', 'json');
  await expectCommitted(scene, outcome, before);
  const { already } = (JSON.parse(outcome.stdout) as { health: { already: { row: string; key: string }[] } }).health;
  const told = already.map(({ row, key }) => `${row} ${key}`);
  expect(told).toEqual(['hosts edge-2', 'agents edge-2', 'containers web/db']);
  expect(notesOf(scene)).toContain('so before already: hosts edge-2: offline -> offline');
});

test.concurrent("an administrator's restart in the soak: watched anew", async () => {
  await using scene = await open({ times: { soak: '2s' } });
  const before = await look(scene);
  const run = upgrade(scene);
  await until('the soak', () => notesOf(scene).includes('watching it for'));
  await scene.restart();
  await expectCommitted(scene, await run, before);
  expect(notesOf(scene)).toContain('somebody restarted sample; watching it anew');
});
