import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { ask, type InstalledBelowPrefix, installSample } from '../../scripts/install-sample.mjs';
import { workshopOf } from '../../src/assemble.ts';
import { LARGE_BYTES } from '../../src/data/large.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { readIdentity } from '../../src/host/node-host.ts';
import { requireFound } from '../../src/runbook/find.ts';
import type { Wish } from '../../src/runbook/wish.ts';
import type { Workshop } from '../../src/runbook/workshop.ts';
import type { ServiceManager } from '../../src/service/service.ts';
import { Container } from './container.ts';
import { installHooks } from './hooks.ts';
import { BARRED, OLD, type Scene } from './scene.ts';

/** A place for one trial at a time: prefix and ports stay the same, so that plans can be made once. */
export interface Slot {
  readonly scene: Scene;
  readonly prefix: string;
  /** The prefix as it was installed and used, its server stopped. */
  readonly template: string;
  readonly stateDirectory: string;
  readonly installed: InstalledBelowPrefix;
  /** Its commands, but for the faults, run in this process; its workers are processes of their own. */
  readonly workshop: Workshop;
  readonly service: ServiceManager;
  /** The process id of the last worker. */
  readonly worker: { pid: number };
}

export const UNIT = 'sample';

export function wishOf({ scene, prefix, installed }: Pick<Slot, 'scene' | 'prefix' | 'installed'>, to: string): Wish {
  return {
    product: undefined,
    installation: undefined,
    profile: scene.profile,
    prefix,
    to,
    channel: undefined,
    source: scene.releases,
    tarball: undefined,
    sha256: undefined,
    allowPrerelease: false,
    waived: [],
    applyEnvEdits: true,
    rehearse: true,
    spotChecks: [],
    restoreData: false,
    archive: 'zstd',
    token: installed.token,
    copyRate: undefined,
    deadlineMs: undefined,
  };
}

/** Installs the old version, lets it be used (a visit, agents that upgrade by themselves), stops it, and keeps that. */
export async function makeSlot(scene: Scene, name: string): Promise<Slot> {
  const prefix = path.join(scene.directory, name);
  const agents = [{ name: 'a' }, { name: 'b', arch: 'arm64' as const }];
  const installed = await installSample({ prefix, releasesDir: scene.releases, version: OLD, agents });
  // Large enough to be compared with its copy block by block.
  const large = path.join(path.dirname(installed.database), 'large.bin');
  fs.writeFileSync(large, 'the first block');
  fs.truncateSync(large, LARGE_BYTES + 1);
  installHooks(prefix, BARRED);
  const stateDirectory = path.join(prefix, 'var/refit');
  const worker = { pid: 0 };
  const workshop = await workshopFor(scene, stateDirectory, worker);
  const { rooms } = await requireFound(workshop, wishOf({ scene, prefix, installed }, OLD));
  const slot: Slot = {
    scene,
    prefix,
    template: `${prefix}.template`,
    stateDirectory,
    installed,
    workshop,
    service: rooms.service,
    worker,
  };
  await startServer(slot);
  await send(slot, 'POST', '/api/v1/sample/visit', { note: 'written before' });
  await send(slot, 'PUT', '/api/v1/agents/upgrade-policy', { mode: 'auto' });
  await rooms.service.stop(UNIT, { timeoutMs: 10_000 });
  execFileSync('cp', ['-a', prefix, slot.template]);
  return slot;
}

/** The workers get the program with the faults in it; who started one is told its process id. */
async function workshopFor(scene: Scene, stateDirectory: string, worker: Slot['worker']): Promise<Workshop> {
  const identity = { ...readIdentity(), self: [process.execPath, scene.program] as const, environment: {} };
  const workshop = await workshopOf(plainEffects, identity, stateDirectory, {});
  const { commands } = workshop.host;
  const spawnDetached: typeof commands.spawnDetached = async (argv, options) => {
    worker.pid = await commands.spawnDetached(argv, options);
    return worker.pid;
  };
  return { ...workshop, host: { ...workshop.host, commands: { ...commands, spawnDetached } } };
}

/** As it was installed and used, its server and a container running. */
export async function resetSlot(slot: Slot): Promise<Container> {
  await endProcesses(slot);
  fs.rmSync(slot.prefix, { recursive: true, force: true });
  execFileSync('cp', ['-a', slot.template, slot.prefix]);
  await startServer(slot);
  return new Container(slot.installed.containerFile);
}

async function startServer({ service, installed }: Pick<Slot, 'service' | 'installed'>): Promise<void> {
  await service.start(UNIT, undefined);
  const deadline = Date.now() + 20_000;
  while ((await ask(`${installed.url}/healthz/ready`))?.body !== 'ready') {
    if (Date.now() > deadline) throw new Error(`the server at ${installed.prefix} does not get ready`);
    await delay(5);
  }
}

async function send({ installed }: Slot, method: string, route: string, body: object): Promise<void> {
  const headers = { authorization: `Bearer ${installed.token}`, 'content-type': 'application/json' };
  const response = await fetch(`${installed.url}${route}`, { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`${method} ${route}: ${response.status}`);
}

/** Kills what runs below the prefix: servers, workers, their children. Each by its own id, found by the prefix in its arguments. */
export async function endProcesses({ prefix }: Pick<Slot, 'prefix'>): Promise<void> {
  for (;;) {
    const found = fs.readdirSync('/proc').filter((entry) => /^\d+$/.test(entry) && names(entry, `${prefix}/`));
    if (found.length === 0) return;
    for (const entry of found) signal(Number(entry));
    // A dying server still answers on the port of the next.
    await delay(2);
  }
}

function names(entry: string, text: string): boolean {
  try {
    return Number(entry) !== process.pid && fs.readFileSync(`/proc/${entry}/cmdline`, 'latin1').includes(text);
  } catch {
    return false;
  }
}

function signal(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
