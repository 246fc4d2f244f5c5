import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type BreakMode, buildReleases } from '../../../scripts/build-sample.mjs';
import { ask, type InstalledBelowPrefix, installSample, type SeededAgent } from '../../../scripts/install-sample.mjs';
import { workshopOf } from '../../../src/assemble.ts';
import { lookOf } from '../../../src/cli/flags.ts';
import { plainEffects } from '../../../src/host/effects.ts';
import { readIdentity } from '../../../src/host/node-host.ts';
import { type Found, requireFound } from '../../../src/runbook/find.ts';
import { quietPorts } from './ports.ts';
import { killNaming, until } from './processes.ts';

export const REFIT = path.resolve(import.meta.dirname, '../../../bin/refit.js');

/** Installed first, and the newest of its range. */
export const OLD = 'v0.2.9';
export const NEW = 'v0.2.13';

/** What the product calls this machine's architecture. */
export const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64';

export interface SceneOptions {
  /** What the source holds. Default: v0.2.8, OLD, v0.2.10 and NEW. */
  readonly versions?: readonly string[];
  readonly breaks?: Readonly<Record<string, BreakMode>>;
  /** Lines added to the env file before the server's first start. */
  readonly env?: readonly string[];
  readonly agents?: readonly SeededAgent[];
  readonly start?: boolean;
  /** Where everything lies. Default: a directory of its own. */
  readonly directory?: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Put in front of the command line: `setpriv …`. */
  readonly before?: readonly string[];
  /** Another file than bin/refit.js. */
  readonly entry?: string;
  readonly stdio?: readonly ['ignore' | 'pipe', 'ignore' | 'pipe' | number, 'ignore' | 'pipe' | number];
}

export interface Outcome {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A running sample server below a prefix, its releases in a folder, and the refit of this checkout. */
export interface Scene extends AsyncDisposable {
  readonly directory: string;
  readonly prefix: string;
  readonly releases: string;
  /** `<prefix>/var/refit/sample`. */
  readonly state: string;
  readonly installed: InstalledBelowPrefix;
  /** The whole environment refit gets. `REFIT_CONFIG` leads to `<directory>/refit.yaml`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Runs `refit <words> --prefix <prefix>` to its end. */
  refit(words: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** The same without --prefix: for what is of no installation. */
  bare(words: readonly string[]): Promise<Outcome>;
  /** refit upgrade --yes --source <releases> <words> */
  upgrade(words: readonly string[], options?: RunOptions): Promise<Outcome>;
  /** Starts the server as the embedded manager does. */
  start(): Promise<void>;
  /** Stops and starts the server as an administrator would; not yet ready when it resolves. */
  restart(): Promise<void>;
  /** Kills whatever runs here. */
  end(): Promise<void>;
  /** Version that the API reports; undefined while nobody answers. */
  answers(): Promise<string | undefined>;
}

export async function openScene(options: SceneOptions = {}): Promise<Scene> {
  const directory = options.directory ?? fs.mkdtempSync(path.join(os.tmpdir(), 'refit-integration-'));
  const scene = sceneIn(directory, await install(directory, options));
  if (options.start ?? true) await scene.start();
  return scene;
}

async function install(
  directory: string,
  { versions, breaks = {}, env = [], agents = [] }: SceneOptions,
): Promise<InstalledBelowPrefix> {
  const releasesDir = path.join(directory, 'releases');
  buildReleases({ out: releasesDir, breaks, ...(versions === undefined ? {} : { versions }) });
  const installed = await installSample({
    prefix: path.join(directory, 'prefix'),
    releasesDir,
    version: OLD,
    ports: await quietPorts(),
    agents,
  });
  fs.appendFileSync(installed.envFile, env.map((line) => `${line}\n`).join(''));
  return installed;
}

function sceneIn(directory: string, installed: InstalledBelowPrefix): Scene {
  const { prefix, url } = installed;
  const releases = path.join(directory, 'releases');
  const environment = {
    PATH: process.env['PATH'] ?? '/usr/bin:/bin',
    LANG: 'C.UTF-8',
    USER: 'tester',
    REFIT_CONFIG: path.join(directory, 'refit.yaml'),
  };
  const refit: Scene['refit'] = (words, { before = [], entry = REFIT, env = {}, ...rest } = {}) =>
    run([...before, process.execPath, entry, ...words, '--prefix', prefix], {
      ...rest,
      env: { ...environment, ...env },
    });
  const answers = async (): Promise<string | undefined> => {
    const answer = await ask(`${url}/api/v1/health`);
    return answer?.status === 200 ? (JSON.parse(answer.body) as { version: string }).version : undefined;
  };
  return {
    directory,
    prefix,
    releases,
    state: path.join(prefix, 'var/refit/sample'),
    installed,
    environment,
    refit,
    bare: (words) => run([process.execPath, REFIT, ...words], { env: environment }),
    upgrade: (words, options) => refit(['upgrade', '--yes', '--source', releases, ...words], options),
    answers,
    async start() {
      await startEmbedded(prefix);
      await until('an answer of the server', async () => (await ask(`${url}/healthz/ready`))?.status === 200);
    },
    async restart() {
      const { rooms, installation } = await foundBelow(prefix);
      await rooms.service.stop(installation.name, { timeoutMs: 10_000 });
      await rooms.service.start(installation.name, undefined);
    },
    end: () => killNaming(directory),
    async [Symbol.asyncDispose]() {
      await killNaming(directory);
      fs.rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** By refit's own rooms: no verb of it starts a server. */
async function startEmbedded(prefix: string): Promise<void> {
  const { rooms, installation } = await foundBelow(prefix);
  await rooms.service.start(installation.name, undefined);
}

async function foundBelow(prefix: string): Promise<Found> {
  const shop = await workshopOf(plainEffects, readIdentity(), `${prefix}/var/refit`, {});
  return requireFound(shop, lookOf({ workingDirectory: '/' }, { prefix }));
}

/** Runs a command to its end. */
export async function run(
  argv: readonly string[],
  { env, cwd = '/', stdio = ['ignore', 'pipe', 'pipe'] }: RunOptions,
): Promise<Outcome> {
  const [program = '', ...words] = argv;
  const child = spawn(program, words, { env, cwd, stdio: [...stdio] });
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const [exit] = (await once(child, 'close')) as [number | null];
  return { exit, stdout, stderr };
}
