import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, onTestFinished } from 'vitest';
import { type BreakMode, buildReleases } from '../../scripts/build-sample.mjs';
import { type InstalledBelowPrefix, installSample, type SeededAgent } from '../../scripts/install-sample.mjs';
import { workshopOf } from '../../src/assemble.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { type Effects, plainEffects } from '../../src/host/effects.ts';
import { readIdentity } from '../../src/host/node-host.ts';
import { type Found, requireFound } from '../../src/runbook/find.ts';
import { planUpgrade } from '../../src/runbook/plan-upgrade.ts';
import type { Planned } from '../../src/runbook/planned.ts';
import { type StorePaths, storePaths } from '../../src/runbook/store/paths.ts';
import type { Wish } from '../../src/runbook/wish.ts';
import type { Workshop } from '../../src/runbook/workshop.ts';
import { scratch } from '../fixtures/scene.ts';

export const ROOT = path.resolve(import.meta.dirname, '../..');

export interface BenchOptions {
  readonly from?: string;
  readonly to?: string;
  /** Further releases that the source holds. */
  readonly others?: readonly string[];
  readonly breaks?: Readonly<Record<string, BreakMode>>;
  readonly agents?: readonly SeededAgent[];
  /** Default: it runs, and is stopped when the test ends. */
  readonly started?: boolean;
  /** Stays until the last test of the file has ended, for tests that only look. Not started. */
  readonly shared?: boolean;
}

const kept: string[] = [];
afterAll(() => {
  for (const directory of kept.splice(0)) fs.rmSync(directory, { recursive: true, force: true });
});

function keptDirectory(): string {
  const directory = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), 'refit-bench-')));
  kept.push(directory);
  return directory;
}

const built = new Map<string, string>();

/** Built once for a file of tests: nobody writes there. */
function releasesOf(options: Parameters<typeof buildReleases>[0]): string {
  const key = JSON.stringify({ ...options, out: '' });
  const out = built.get(key) ?? keptDirectory();
  if (!built.has(key)) buildReleases({ ...options, out });
  built.set(key, out);
  return out;
}

/** A sample server that is installed below a prefix, its releases in a folder, and everything refit needs to work on it. */
export interface Bench {
  readonly directory: string;
  readonly releases: string;
  readonly sample: InstalledBelowPrefix;
  readonly workshop: Workshop;
  readonly store: StorePaths;
  readonly found: Found;
  readonly wish: Wish;
}

/** What a person asks for who asks for nothing in particular. */
export const WISH: Wish = {
  product: undefined,
  installation: undefined,
  profile: undefined,
  prefix: undefined,
  to: 'latest',
  source: undefined,
  channel: undefined,
  tarball: undefined,
  sha256: undefined,
  allowPrerelease: false,
  waived: [],
  applyEnvEdits: false,
  rehearse: true,
  spotChecks: [],
  restoreData: false,
  archive: undefined,
  token: undefined,
  copyRate: undefined,
  deadlineMs: undefined,
};

export function workshopAt(stateDirectory: string, effects: Effects = plainEffects): Promise<Workshop> {
  const self = [process.execPath, path.join(ROOT, 'bin/refit.js')] as const;
  return workshopOf(effects, { ...readIdentity(), self: [...self] }, stateDirectory, {});
}

export async function bench(options: BenchOptions = {}): Promise<Bench> {
  const {
    from = 'v0.2.9',
    to = 'v0.2.13',
    others = [],
    breaks = {},
    agents = [],
    started = true,
    shared = false,
  } = options;
  const directory = shared ? keptDirectory() : fs.realpathSync(scratch());
  const releases = releasesOf({ out: '', versions: [from, to, ...others], breaks });
  const prefix = path.join(directory, 'prefix');
  const sample = await installSample({ prefix, releasesDir: releases, version: from, agents });
  const workshop = await workshopAt(path.join(prefix, 'var/refit'));
  const wish = { ...WISH, prefix, to, source: releases };
  const found = await requireFound(workshop, wish);
  if (started && !shared) await start(found);
  return { directory, releases, sample, workshop, store: storePaths(workshop.stateDirectory, 'sample'), found, wish };
}

/** Whatever the test does, the server does not outlive it. */
export async function start({ rooms, installation }: Found): Promise<void> {
  onTestFinished(async () => {
    await rooms.service.stop(installation.name, { timeoutMs: 10_000 });
  });
  await rooms.service.start(installation.name, undefined);
  for (let tries = 0; tries < 500; tries++) {
    if ((await answer(installation.env['SAMPLE_HTTP_ADDR'] ?? '')) === 'ready') return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  throw new Error('the sample server does not answer');
}

async function answer(address: string): Promise<string | undefined> {
  try {
    return await (await fetch(`http://${address}/healthz/ready`)).text();
  } catch {
    return undefined;
  }
}

/** The plan of an upgrade, which has something to do. */
export async function planned(
  { workshop, wish }: Pick<Bench, 'workshop' | 'wish'>,
  wanted: Partial<Wish> = {},
): Promise<Planned> {
  const result = await planUpgrade(workshop, { ...wish, ...wanted });
  if ('nothingToDo' in result) throw new Error('nothing to do');
  return result;
}

export function kindsOf(plan: Plan): readonly string[] {
  return plan.hops.flatMap(({ steps }) => steps.map(({ kind }) => kind));
}
