import type { Plan } from '../../engine/plan.ts';
import { RefitError } from '../../errors.ts';
import type { Argv } from '../../host/commands.ts';
import { SAFE_PATH } from '../safe-path.ts';
import { runPaths, storePaths } from '../store/paths.ts';
import { listRuns } from '../store/runs.ts';
import { newUlid } from '../store/ulid.ts';
import { whoAsks } from '../who-asks.ts';
import type { Workshop } from '../workshop.ts';
import { type Alive, processAlive, unitAlive } from './alive.ts';
import { requestPath, type WorkRequest } from './request.ts';
import { workerCommand, workerUnit } from './worker-unit.ts';

/** What a command wants done. */
export interface Job {
  readonly installation: string;
  /** The product's unit, which a shutdown must stop after the worker; undefined where systemd does not run it. */
  readonly unit: string | undefined;
  /** Begin this plan; absent: continue `run`. */
  readonly plan?: Plan;
  readonly run?: string;
  readonly turn?: boolean;
  readonly until?: string | undefined;
  readonly waived?: readonly string[];
  readonly because?: string | undefined;
  /** The refit that does it; by default this one. */
  readonly program?: Argv | undefined;
  readonly command: string;
  /** The product's API token; kept 0600 in the run's folder until the run ends. */
  readonly token?: string | undefined;
}

/** A worker that was started. */
export interface Launched {
  readonly run: string;
  readonly nonce: string;
  /** Bytes of the run's event file that were there before it: what it writes begins here. */
  readonly eventsFrom: number;
  /** On a loaded machine a worker may take minutes to say its first word: while it exists, it is waited for. */
  readonly alive: Alive;
}

/** Of the command's environment, what the worker reaches a source with. */
const NETWORK_KEYS = [
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'GITHUB_TOKEN',
  'REFIT_CA_FILE',
];
const TIMEOUT_MS = 30_000;
/** How long the manager may keep the unit of a worker that has ended. */
const COLLECTING_MS = 5_000;
const RETRY_MS = 100;

/** Writes the request and starts a worker that owns no terminal: a transient unit under systemd, elsewhere a session of its own. */
export async function launch(workshop: Workshop, job: Job): Promise<Launched> {
  const { host, stateDirectory } = workshop;
  const store = storePaths(stateDirectory, job.installation);
  const [newest] = await listRuns(host.files, store);
  const run = job.run ?? newUlid(host.clock, newest);
  const paths = runPaths(store, run);
  const nonce = host.clock.random(6);
  await host.files.makeDirectory(stateDirectory, { mode: 0o711 });
  await host.files.makeDirectory(store.root, { mode: 0o711 });
  await host.files.makeDirectory(store.runs, { mode: 0o711 });
  await host.files.makeDirectory(paths.directory, { mode: 0o700 });
  if (job.token !== undefined) await host.files.writeAtomic(paths.token, `${job.token}\n`, { mode: 0o600 });
  const { environment } = host.identity;
  const request: WorkRequest = {
    format: 1,
    nonce,
    run,
    installation: job.installation,
    stateDirectory,
    turn: job.turn ?? false,
    by: whoAsks(environment, host.identity.uid),
    command: job.command,
    network: Object.fromEntries(
      NETWORK_KEYS.flatMap((key) => (environment[key] === undefined ? [] : [[key, environment[key]]])),
    ),
    ...(job.plan === undefined ? {} : { plan: job.plan }),
    ...(job.waived === undefined ? {} : { waived: job.waived }),
    ...(job.because === undefined ? {} : { because: job.because }),
    ...(job.until === undefined ? {} : { until: job.until }),
  };
  const path = requestPath(paths.directory, nonce);
  await host.files.writeAtomic(path, JSON.stringify(request), { mode: 0o600 });
  const eventsFrom = (await host.files.stat(paths.events))?.size ?? 0;
  try {
    const argv = [...(job.program ?? host.identity.self), 'worker', path] as const;
    return { run, nonce, eventsFrom, alive: await start(workshop, job, argv, `${paths.directory}/worker.log`) };
  } catch (error) {
    // Nobody will read it, and it holds credentials. What belongs to a run that was there before stays for its next worker.
    await host.files.remove(path);
    if (job.run === undefined) await host.files.removeTree(paths.directory);
    throw error;
  }
}

async function start(
  { host, systemd, stateDirectory }: Workshop,
  { unit, installation }: Job,
  argv: readonly [string, ...string[]],
  logPath: string,
): Promise<Alive> {
  const { commands } = host;
  if (systemd === undefined || unit === undefined || host.identity.uid !== 0) {
    const env = { PATH: SAFE_PATH, LANG: 'C.UTF-8' };
    return processAlive(commands, await commands.spawnDetached(argv, { cwd: '/', env, logPath }));
  }
  const command = workerCommand({ installation, unit }, argv);
  const name = workerUnit(installation);
  const giveUpAt = host.clock.monotonic() + COLLECTING_MS;
  for (;;) {
    const done = await commands.run(command, { timeoutMs: TIMEOUT_MS });
    if (done.exitCode === 0) return unitAlive(systemd, commands, `${name}.service`);
    const said = done.stderr.trim();
    const taken = /already (exists|loaded)|was already/.test(said);
    // The unit of a worker that has just ended stays until the manager has collected it; then nobody holds the lock.
    const { held } = await host.lock.holder(storePaths(stateDirectory, installation).lock);
    if (taken && !held && host.clock.monotonic() < giveUpAt) {
      await host.clock.sleep(RETRY_MS);
      continue;
    }
    throw new RefitError(taken ? 'E_LOCKED' : 'E_COMMAND_FAILED', `Cannot start the worker ${name}.service: ${said}`, {
      hint: taken ? 'Another run is under way: refit attach' : `systemctl status ${name}`,
    });
  }
}
