import type { ProductName } from './build-sample.mjs';

export interface Ports {
  readonly http: number;
  readonly agent: number;
}

/** A row of the agents table; `online` (default) counts as connected. */
export interface SeededAgent {
  readonly name: string;
  readonly status?: 'pending' | 'online' | 'offline' | 'revoked';
  readonly arch?: 'amd64' | 'arm64';
}

/** Names and absolute paths of an installation. */
export interface Installed {
  readonly name: string;
  readonly agent: string;
  readonly ctl: string;
  /** `SAMPLE_` or `DOCKMESH_`. */
  readonly envPrefix: string;
  readonly version: string;
  readonly binDir: string;
  readonly binary: string;
  readonly assetDir: string;
  readonly binaryDir: string;
  readonly installScript: string;
  readonly envFile: string;
  /** The data root: `data` and `stacks` are below it. */
  readonly state: string;
  readonly data: string;
  readonly database: string;
  readonly secrets: string;
  readonly secretsKey: string;
  readonly genesis: string;
  readonly stacks: string;
  /** Below a stack's data directory: what a container would be appending to. */
  readonly containerFile: string;
  readonly url: string;
  readonly ports: Ports;
  /** `dmt_…`, role admin. */
  readonly token: string;
}

export interface InstalledBelowPrefix extends Installed {
  readonly prefix: string;
}

export interface InstalledOnHost extends Installed {
  readonly unit: string;
  readonly unitFile: string;
}

export interface InstallOptions {
  readonly prefix: string;
  /** What `buildReleases` wrote. */
  readonly releasesDir: string;
  readonly version: string;
  readonly as?: ProductName;
  /** Default: two free ones, on loopback. */
  readonly ports?: Ports;
  readonly agents?: readonly SeededAgent[];
}

/** Installs below a prefix, without root, a server that has been in use for a while; stopped. */
export function installSample(options: InstallOptions): Promise<InstalledBelowPrefix>;

export interface SystemOptions {
  /** The host's root directory as seen from here. Default `/`. All paths in the result are the host's own. */
  readonly root?: string;
  readonly releasesDir: string;
  readonly version: string;
  /** Default: dockmesh. */
  readonly as?: ProductName;
  /** `/var/lib/<name>` (default) or `/data`. */
  readonly layout?: 'var-lib' | 'data';
  /** As `init` (hardened; default for var-lib), install.sh (`install`; default for data) or the repository's sample (`checkout`) writes it. */
  readonly unit?: 'init' | 'install' | 'checkout';
  readonly ports?: Ports;
  readonly agents?: readonly SeededAgent[];
  /** Default `5s`. */
  readonly restartSec?: string;
  /** Runs as this account if the host has it, else as root. Default: the product's name. */
  readonly user?: string;
}

/** Installs the server on a systemd host; neither reloads systemd nor starts anything. */
export function installSampleSystem(options: SystemOptions): InstalledOnHost;

export interface AgentSystemOptions {
  readonly root?: string;
  readonly releasesDir: string;
  readonly version: string;
  readonly as?: ProductName;
  readonly arch?: 'amd64' | 'arm64';
  readonly restartSec?: string;
}

export interface InstalledAgent {
  readonly name: string;
  readonly agent: string;
  readonly version: string;
  readonly state: string;
  /** The real file; `link` in /usr/local/bin points at it. */
  readonly binary: string;
  readonly link: string;
  readonly envFile: string;
  readonly unit: string;
  readonly unitFile: string;
}

/** Installs the agent alone on a systemd host. */
export function installSampleAgentSystem(options: AgentSystemOptions): InstalledAgent;

export interface Running {
  readonly pid: number;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: string | null }>;
  /** Everything it wrote to stdout and stderr so far. */
  output(): string;
  /** The log lines with this msg, or a msg that begins with it and a blank. */
  logged(msg: string): readonly Readonly<Record<string, unknown>>[];
  /** SIGTERM, and wait. */
  stop(): Running['ended'];
  /** SIGKILL, and wait. */
  kill(): Running['ended'];
}

/** Starts a child with PATH and `env` alone in its environment. */
export function startProgram(
  argv: readonly [string, ...string[]],
  options?: { readonly env?: Readonly<Record<string, string>>; readonly cwd?: string },
): Running;

/** Starts an installed sample as a child and waits until it is ready, or rejects with its log; `ready: false` does not wait. */
export function startSample(
  installed: Installed,
  options?: { readonly env?: Readonly<Record<string, string>>; readonly ready?: boolean },
): Promise<Running>;

export function untilReady(url: string, running: Running, timeoutMs?: number): Promise<void>;

/** GET; undefined while nobody answers (2 s). */
export function ask(
  url: string,
  headers?: Readonly<Record<string, string>>,
): Promise<{ readonly status: number; readonly body: string } | undefined>;

/** Loopback ports nobody listens on now, all different. */
export function freePorts(count: number): Promise<number[]>;
