import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { workshopOf } from '../../src/assemble.ts';
import { lookOf } from '../../src/cli/flags.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { readIdentity } from '../../src/host/node-host.ts';
import { find } from '../../src/runbook/find.ts';
import { storePaths } from '../../src/runbook/store/paths.ts';
import { buildReleases } from '../build-sample.mjs';
import { ask, type InstalledBelowPrefix, installSample } from '../install-sample.mjs';
import { type Mirror, serveReleases } from '../serve-releases.mjs';
import type { DemoBreak } from './options.ts';
import { FROM, NEWER, NEWEST } from './versions.ts';

const STOP_MS = 20_000;
const WORKER_MS = 60_000;
const READY_MS = 15_000;
const POLL_MS = 50;

/** A running sample server below a temporary directory, and the mirror of its releases. */
export interface Stage {
  readonly directory: string;
  readonly prefix: string;
  readonly releases: string;
  readonly server: InstalledBelowPrefix;
  readonly mirror: Mirror;
  /** Ends the mirror, which lives in this process; and, unless `keep`, the server, and removes the directory. */
  strike(keep: boolean): Promise<void>;
}

export async function setStage(mode: DemoBreak | undefined): Promise<Stage> {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-demo-'));
  const releases = path.join(directory, 'releases');
  const prefix = path.join(directory, 'server');
  const undo: (() => Promise<void>)[] = [async () => fs.rmSync(directory, { recursive: true, force: true })];
  const strike = async (keep: boolean): Promise<void> => {
    for (const [index, one] of undo.toReversed().entries()) if (index === 0 || !keep) await one();
  };
  try {
    const breaks = mode === undefined ? {} : { [NEWEST]: mode };
    buildReleases({ out: releases, versions: [FROM, ...NEWER], breaks });
    const server = await installSample({ prefix, releasesDir: releases, version: FROM });
    const service = await serviceOf(prefix);
    undo.push(service.stop);
    await service.start();
    await untilReady(server.url);
    const mirror = await serveReleases(releases);
    undo.push(mirror.close);
    return { directory, prefix, releases, server, mirror, strike };
  } catch (error) {
    await strike(false);
    throw error;
  }
}

async function untilReady(url: string): Promise<void> {
  for (const deadline = Date.now() + READY_MS; Date.now() < deadline; await setTimeout(POLL_MS)) {
    if ((await ask(`${url}/healthz/ready`))?.body === 'ready') return;
  }
  throw new Error(`Cannot start the sample server: saw no answer at ${url} within ${READY_MS / 1000} s`);
}

/** The server under refit's own manager: `refit` has no verb to start one, a host has systemd for that. */
async function serviceOf(prefix: string) {
  const workshop = await workshopOf(plainEffects, readIdentity(), `${prefix}/var/refit`, {});
  const found = await find(workshop, lookOf({ workingDirectory: '/' }, { product: 'sample', prefix }));
  if (found === undefined) throw new Error(`Cannot find the sample server below ${prefix}`);
  const { service } = found.rooms;
  const { name } = found.installation;
  const { clock, commands, lock } = workshop.host;

  /** Whoever leaves the view with Ctrl-C leaves a worker behind; it gets its time, and is not left with nothing below it. */
  const workerIsGone = async (): Promise<void> => {
    const deadline = clock.monotonic() + WORKER_MS;
    for (;;) {
      const { held, holder } = await lock.holder(storePaths(workshop.stateDirectory, name).lock);
      if (!held) return;
      if (clock.monotonic() > deadline && holder !== undefined) await commands.signal(holder.pid, 'SIGKILL');
      await clock.sleep(POLL_MS);
    }
  };

  return {
    start: () => service.start(name, undefined),
    async stop() {
      await workerIsGone();
      await service.stop(name, { timeoutMs: STOP_MS });
    },
  };
}
