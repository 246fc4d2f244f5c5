import { join } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Argv } from '../host/commands.ts';
import type { Host } from '../host/host.ts';
import { holdsLock, type ProcessName, readPidFile } from './embedded-process.ts';
import { type LaunchPaths, probeArgv, REFUSED } from './launcher.ts';
import type { EnvironmentFile, ServiceState } from './service.ts';

/** A server of a machine without systemd: nothing but files describes it, and nothing resident watches it. */
export interface EmbeddedConfig {
  /** The only name this manager answers to. */
  readonly unit: string;
  /** Its first word is an absolute path. */
  readonly argv: Argv;
  /** The whole environment, read anew for every start: the file it comes from may change in between. */
  readonly environment: () => Promise<Readonly<Record<string, string>>>;
  /** Where `environment` reads it from: a fact for `inspect`. */
  readonly environmentFiles: readonly EnvironmentFile[];
  readonly workingDirectory: string;
  /** Holds lock, pid and hold. On a local file system; made by whoever installs. */
  readonly runDirectory: string;
  /** Appended to by the server itself, as its stdout and stderr. */
  readonly logPath: string;
  /** From SIGTERM to SIGKILL. */
  readonly stopTimeoutMs: number;
}

export interface EmbeddedParts {
  readonly host: Pick<Host, 'files' | 'commands' | 'clock'>;
  readonly config: EmbeddedConfig;
  readonly paths: LaunchPaths;
  /** E_COMMAND_MISSING where util-linux is not installed. */
  readonly programs: () => Promise<{ readonly flock: string; readonly shell: string }>;
}

export const pathsIn = (directory: string, unit: string): LaunchPaths => ({
  lock: join(directory, `${unit}.lock`),
  pid: join(directory, `${unit}.pid`),
  hold: join(directory, `${unit}.hold`),
});

/** The process that proves to be the server; `undefined` where none does. */
export async function serverOf({ host, paths }: EmbeddedParts): Promise<ProcessName | undefined> {
  const name = await readPidFile(host.files, paths.pid);
  return name !== undefined && (await holdsLock(host, name, paths.lock)) ? name : undefined;
}

const PROBE_MS = 10_000;

/** A launcher on its way, or a server whose pid file somebody removed. */
async function isLocked({ host, paths, programs }: EmbeddedParts): Promise<boolean> {
  if ((await host.files.stat(paths.lock)) === undefined) return false;
  const { exitCode } = await host.commands.query(probeArgv(await programs(), paths.lock), { timeoutMs: PROBE_MS });
  if (exitCode === 0 || exitCode === REFUSED) return exitCode === REFUSED;
  throw new RefitError(
    'E_COMMAND_FAILED',
    `Cannot look at the lock ${paths.lock}: saw exit code ${exitCode} from flock`,
    {
      hint: `ls -l ${paths.lock}; flock must be that of util-linux`,
    },
  );
}

/** See `ServiceManager.state`. */
export async function embeddedState(parts: EmbeddedParts): Promise<ServiceState> {
  const server = await serverOf(parts);
  const look = { restarts: 0, exitCode: undefined, exitSignal: undefined };
  if (server !== undefined) {
    const { pid, startTime: startedAt } = server;
    return { ...look, activity: 'active', detail: 'running', pid, startedAt, result: 'success' };
  }
  const nobody = { ...look, pid: undefined, startedAt: undefined };
  if (await isLocked(parts)) return { ...nobody, activity: 'activating', detail: 'locked', result: 'success' };
  // `stop` takes the file away; one without its process says that nobody asked for this end.
  const isLost = (await parts.host.files.stat(parts.paths.pid)) !== undefined;
  if (isLost) return { ...nobody, activity: 'failed', detail: 'gone', result: 'exit-code' };
  return { ...nobody, activity: 'inactive', detail: 'dead', result: 'success' };
}
