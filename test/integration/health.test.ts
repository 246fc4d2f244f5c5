import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { BreakMode } from '../../scripts/build-sample.mjs';
import { expectOld, look } from './support/outcome.ts';
import { NEW, type Outcome, openScene, type Scene } from './support/scene.ts';

type State = 'running' | 'exited';

/** What Docker runs: services of the one stack there is. */
function writeDocker(file: string, services: Readonly<Record<string, State>>): void {
  const web = Object.entries(services).map(([service, state]) => ({
    service,
    container_id: service,
    state,
    status: '',
  }));
  fs.writeFileSync(file, JSON.stringify({ web }));
}

/** A server with two agents and a stack, and its API token in a file. */
async function openHealthy(mode: BreakMode = 'none'): Promise<Scene & { readonly docker: string }> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-health-'));
  onTestFinished(() => fs.rmSync(directory, { recursive: true, force: true }));
  const docker = path.join(directory, 'docker.json');
  writeDocker(docker, { app: 'running', db: 'running' });
  const scene = await openScene({
    breaks: { [NEW]: mode },
    agents: [{ name: 'edge-1' }, { name: 'edge-2', status: 'offline' }],
    env: [`SAMPLE_DOCKER=${docker}`],
  });
  fs.writeFileSync(path.join(scene.directory, 'token'), `${scene.installed.token}\n`, { mode: 0o600 });
  return Object.assign(scene, { docker });
}

function upgrade(scene: Scene, words: readonly string[] = []): Promise<Outcome> {
  return scene.upgrade(['--to', NEW, '--token-file', path.join(scene.directory, 'token'), ...words]);
}

test.each<[string, BreakMode, RegExp]>([
  ['an agent that does not come back', 'agent-lost', /agents edge-1: online \(v0\.2\.9\) -> offline \(v0\.2\.9\)/],
  ['an alert that did not fire before', 'alert', /alerts container down: none -> 20\d\d-/],
])('%s: the old version comes back, and it is named', async (_what, mode, saw) => {
  await using scene = await openHealthy(mode);
  const before = await look(scene);
  const { exit, stdout } = await upgrade(scene, ['-o', 'json']);
  expect({ exit, stdout: JSON.parse(stdout) }).toMatchObject({
    exit: 7,
    stdout: { standing: 'restored', error: { code: 'E_HEALTH_FAILED', message: expect.stringMatching(saw) } },
  });
  await expectOld(scene, before);
});

test('the plan says what will be compared, and what a token is needed for', async () => {
  await using scene = await openHealthy();
  const planned = async (words: readonly string[]) => {
    const { stdout } = await scene.refit(['plan', '--to', NEW, '--source', scene.releases, '-o', 'json', ...words]);
    const { health } = JSON.parse(stdout) as { health: readonly { name: string; compared: boolean }[] };
    const names = (compared: boolean) => health.filter((row) => row.compared === compared).map(({ name }) => name);
    return { compared: names(true), notCompared: names(false) };
  };
  const closed = ['hosts', 'agents', 'stacks', 'containers', 'alerts', 'audit-chain', 'audit-log', 'system'];
  expect(await planned([])).toEqual({ compared: ['docker'], notCompared: closed });
  expect(await planned(['--token-file', path.join(scene.directory, 'token')])).toEqual({
    compared: ['docker', ...closed],
    notCompared: [],
  });
});

test('a start may take as long as the profile says, as was asked, or three times what the slowest took here', async () => {
  await using scene = await openHealthy();
  const planned = async (words: readonly string[]) => {
    const { stdout } = await scene.refit(['plan', '--to', NEW, '--source', scene.releases, '-o', 'json', ...words]);
    return (JSON.parse(stdout) as { startTimeoutMs: number }).startTimeoutMs;
  };
  expect(await planned([])).toBe(10_000);
  expect(await planned(['--deadline', '5m'])).toBe(300_000);
});
