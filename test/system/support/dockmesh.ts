import { execFile } from 'node:child_process';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type InstalledOnHost, installSampleSystem, type SystemOptions } from '../../../scripts/install-sample.mjs';
import { type Contents, readDatabase } from './database.ts';
import { bootHost, type HostOptions, type LabHost, type Outcome } from './host.ts';
import { ARCH, memberDigest, OLD, OTHER_ARCH, releases } from './releases.ts';

const PROJECT = resolve(import.meta.dirname, '../../..');
/** Refit, whose worker can be held still: stoppable.ts. */
export const STOPPABLE_REFIT = join(import.meta.dirname, 'stoppable.ts');
export const REFIT = join(PROJECT, 'bin/refit.js');

/**
 * The profile's own timings wait for a real server; a test has many upgrades and a quick one. A test that kills a worker types
 * what comes next itself: the guard would be there first.
 */
const QUICK = `health: { soak: 500ms, timeout: 5s }
service: { start_timeout: 10s, guard_interval: 1h }
`;

export interface DockmeshOptions extends Partial<Omit<SystemOptions, 'root'>> {
  readonly disk?: HostOptions['disk'];
  /** The profile's own timings instead of quick ones. */
  readonly realTimings?: boolean;
}

/** A throw-away host with a server on it that says it is dockmesh, and what a test asks of it. */
export interface Dockmesh extends AsyncDisposable {
  readonly host: LabHost;
  readonly installed: InstalledOnHost;
  /** The releases' directory in the host. */
  readonly source: string;
  /** Runs refit in the host to its end. `entry` is another build of it. */
  refit(words: readonly string[], entry?: string): Promise<Outcome>;
  /** refit upgrade --to v0.2.x --source <source> --yes */
  upgrade(...words: readonly string[]): Promise<Outcome>;
  /** As `refit`, with a worker that holds still at `point`; resolves once it does. */
  stopAt(point: string, words: readonly string[], entry?: string): Promise<{ readonly viewer: Promise<Outcome> }>;
  /** Names the point at which the next worker of the stoppable refit holds still. */
  armStop(point: string): void;
  /** Waits until it does; rejects where `ended` comes first. */
  untilStopped(ended?: Promise<unknown>): Promise<void>;
  /** Lets it go on. */
  goOn(): void;
  /** First line of `refit status`. */
  status(): Promise<string>;
  write(path: string, text: string): void;
  /** Version that the API reports; undefined while nobody answers. */
  answers(): string | undefined;
  /** Waits until it answers, and gives up one day: a mutant's may never. */
  untilAnswers(): Promise<string>;
  /** Version by the digests of every installed file; what is wrong with them where they are not of one release. */
  filesOf(releasesDir: string, version: string): readonly string[];
  /** What the database holds. */
  contents(): Contents;
  /** Digest, mode, owner and path of each file of the data but the database, and of the stacks but what containers write. */
  dataFiles(): string;
  /** What a finished run may not leave behind. */
  leftovers(): readonly string[];
  /** The newest run's folder in the host. */
  runDirectory(): string;
  /** The events of the newest run. */
  events(): readonly Record<string, unknown>[];
}

export const UPGRADE = (source: string): readonly string[] => [
  'upgrade',
  '--to',
  'v0.2.x',
  '--source',
  source,
  '--yes',
];

/** Installs the sample server as dockmesh in a booted host, starts it and waits until it answers. */
export function install(host: LabHost, releasesDir: string, options: DockmeshOptions = {}): InstalledOnHost {
  const { disk: _disk, realTimings = false, version = OLD, ...rest } = options;
  if (host.exec(['id', 'dockmesh']).exitCode !== 0) host.must(['useradd', '--system', '--no-create-home', 'dockmesh']);
  const installed = installSampleSystem({ root: host.root(), releasesDir, version, ...rest });
  if (!realTimings) {
    host.must(['mkdir', '-p', '/etc/refit']);
    writeFileSync(`${host.root()}/etc/refit/dockmesh.yaml`, QUICK);
  }
  host.must(['systemctl', 'daemon-reload']);
  host.must(['systemctl', 'enable', '--quiet', installed.unit]);
  host.must(['systemctl', 'start', installed.unit]);
  return installed;
}

export async function bootDockmesh(
  name: string,
  { releasesDir = releases(), ...options }: DockmeshOptions = {},
): Promise<Dockmesh> {
  const host = await bootHost(name, options.disk === undefined ? {} : { disk: options.disk });
  try {
    const source = '/srv/releases';
    host.copyIn(releasesDir, source);
    const dockmesh = handle(host, install(host, releasesDir, options), source);
    await dockmesh.untilAnswers();
    return dockmesh;
  } catch (error) {
    await host[Symbol.asyncDispose]();
    throw error;
  }
}

/** The handles on an installation in a host. */
export function handle(host: LabHost, installed: InstalledOnHost, source: string): Dockmesh {
  const at = (path: string): string => `${host.root()}${path}`;
  const runs = '/var/lib/refit/dockmesh/runs';
  const refit: Dockmesh['refit'] = (words, entry = REFIT) => runIn(host, [process.execPath, entry, ...words]);
  const answers = (): string | undefined => {
    const { exitCode, stdout } = host.exec(['curl', '-sS', '-m', '2', `${installed.url}/api/v1/health`]);
    return exitCode === 0 ? (JSON.parse(stdout) as { version: string }).version : undefined;
  };
  const runDirectory = (): string => `${runs}/${host.must(['sh', '-c', `ls ${runs} | tail -1`])}`;
  return {
    host,
    installed,
    source,
    refit,
    answers,
    runDirectory,
    upgrade: (...words) => refit([...UPGRADE(source), ...words]),
    write: (path, text) => writeFileSync(at(path), text),
    armStop(point) {
      rmSync(at('/run/stopped-at'), { force: true });
      writeFileSync(at('/run/stop-at'), point);
    },
    async untilStopped(ended = new Promise(() => undefined)) {
      let over: unknown;
      void ended.then((outcome) => {
        over = outcome;
      });
      while (!existsSync(at('/run/stopped-at'))) {
        if (over !== undefined) throw new Error(`ended before it held still: ${JSON.stringify(over)}`);
        await delay(10);
      }
    },
    goOn: () => void host.must(['systemctl', 'kill', '-s', 'CONT', 'refit-dockmesh']),
    async stopAt(point, words, entry = STOPPABLE_REFIT) {
      this.armStop(point);
      const viewer = refit(words, entry);
      await this.untilStopped(viewer);
      return { viewer };
    },
    status: async () => (await refit(['status'])).stdout.split('\n')[0] ?? '',
    async untilAnswers() {
      for (let patience = 1000; patience > 0; patience--) {
        const version = answers();
        if (version !== undefined) return version;
        await delay(30);
      }
      throw new Error(`${installed.unit} does not answer`);
    },
    filesOf(releasesDir, version) {
      const expected: readonly (readonly [path: string, member: string, arch: string])[] = [
        [installed.binary, 'dockmesh', ARCH],
        [`${installed.binDir}/dmctl`, 'dmctl', ARCH],
        [installed.installScript, 'install-agent.sh', ARCH],
        [`${installed.binaryDir}/dockmesh-agent-linux-${ARCH}`, 'dockmesh-agent', ARCH],
        [`${installed.binaryDir}/dockmesh-agent-linux-${OTHER_ARCH}`, 'dockmesh-agent', OTHER_ARCH],
      ];
      return expected.flatMap(([path, member, arch]) => {
        const [saw] = host.must(['sha256sum', path]).split(' ');
        return saw === memberDigest(releasesDir, version, member, arch) ? [] : [`${path} is not of ${version}`];
      });
    },
    // A link in the host leads to a path of the host.
    contents: () => readDatabase(at(host.must(['realpath', installed.database]))),
    dataFiles() {
      const kept = "-name '.refit-*' -prune -o -path '*/web/data' -prune -o -name 'dockmesh.db*' -o -type f -print";
      const each = 'while read -r file; do stat -c "%a %U %n" "$file"; sha256sum "$file"; done';
      return host.must(['sh', '-c', `find "$0" ${kept} | sort | ${each}`, installed.state]);
    },
    leftovers() {
      const places = ['/usr/local', '/var/lib', '/data', '/etc', '/run/refit'].filter((path) => existsSync(at(path)));
      const names = ['.refit-*', 'zz-refit-hold.conf', 'window', 'reserve', 'token', 'scratch', '*.previous'];
      const tests = names.flatMap((name) => ['-o', '-name', name]).slice(1);
      const found = host.must(['find', ...places, '(', ...tests, ')', '-not', '-path', '/var/lib/dpkg/*']);
      const paths = found
        .split('\n')
        .filter((path) => path !== '' && !/\/\.refit-generations$/.test(path) && /refit/.test(path));
      const units = host.must(['systemctl', 'list-units', '--all', '--plain', '--no-legend', 'refit-*']);
      return [...paths, ...units.split('\n').filter((line) => line !== '')];
    },
    events: () =>
      readFileSync(at(`${runDirectory()}/events.ndjson`), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    [Symbol.asyncDispose]: () => host[Symbol.asyncDispose](),
  };
}

/** Runs a command in a host without blocking the test; any end is a result. */
export function runIn(host: LabHost, argv: readonly string[]): Promise<Outcome> {
  const [program, ...words] = host.argv(argv);
  return new Promise((resolved) => {
    const child = execFile(program, words, { maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
      const code = error?.code;
      resolved({ exitCode: error === null ? 0 : typeof code === 'number' ? code : -1, stdout, stderr });
    });
    child.stdin?.end();
  });
}
