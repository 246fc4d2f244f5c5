import fs from 'node:fs';
import path from 'node:path';
import { bootHost, type LabHost } from '../../test/system/support/host.ts';
import { buildReleases } from '../build-sample.mjs';
import { atEnd } from './at-end.ts';
import { awayDuring } from './prober.ts';
import { buildDist, output, REFIT, ROOT, timed, withScratch } from './run.ts';

const HOST = 'refit-bench';
const LAB = path.join(ROOT, 'test/lab/lab');
const UNIT = 'bench.service';
const PORT = 8080;
/** What the server of these benches calls its data; nothing in it is ever read by it. */
export const DATA = '/var/lib/bench/data';
export const INSTALLED = '/opt/bench/bin/sample';

const UNIT_TEXT = `[Unit]
Description=A server that drains nothing

[Service]
ExecStart=${INSTALLED} serve
Environment=SAMPLE_HTTP_ADDR=:${PORT} SAMPLE_SECRETS_PATH=/opt/bench/secrets.env
Restart=on-failure

[Install]
WantedBy=multi-user.target
`;

/** What refit is told of it: one directory is its data, and one question its health. */
const profile = (data: string): string => `format: 1
product: bench
title: Bench server
service:
  manager: systemd
  unit: ${UNIT}
  start_timeout: 10s
binary:
  version:
    argv: [--version]
    pattern: '^sample (?<version>v\\S+)'
release:
  asset: "sample_{os}_{arch}.tar.gz"
  checksums: checksums.txt
  members:
    - { member: sample, role: binary, executable: true }
data:
  ${data}
health:
  timeout: 5s
  soak: 100ms
  probes:
    - { name: ready, kind: http, url: "http://127.0.0.1:${PORT}/healthz/ready", body: ready, answers: true }
    - { name: stable, kind: stable }
`;

/** One directory is its data, or one database. */
const DIRECTORY = `directories: [{ path: ${DATA} }]`;
const DATABASE = `databases: [{ path: ${DATA}/app.db }]`;

/** When something else writes: when the hot copy is made, or when starts are forbidden, directly before the stop. */
export type Moment = 'copied' | 'armed';

const STATE = '/var/lib/refit/bench';
const WAIT: Readonly<Record<Moment, string>> = {
  // What a hot copy says at its end, in the journal of a run that was not there before.
  copied: `old=$(ls ${STATE}/runs 2>/dev/null | tail -1); while sleep 0.01; do new=$(ls ${STATE}/runs 2>/dev/null | tail -1); [ "$new" != "$old" ] && grep -qs walBytes ${STATE}/runs/$new/journal.jsonl && break; done`,
  armed: `while [ ! -e ${STATE}/window ]; do sleep 0.005; done`,
};

/** A throw-away host with a server that drains nothing and is ready as soon as Node can be. */
export interface WindowHost {
  readonly host: LabHost;
  /**
   * Milliseconds for which the server is away, seen from outside, while refit upgrades it to the next release; meanwhile a shell
   * runs `change`.
   */
  upgrade(change?: string, moment?: Moment): Promise<number>;
  /** The same while refit goes back, and how long the whole command takes. */
  rollback(): Promise<{ readonly away: number; readonly whole: number }>;
  /** What the copying in the window took in the last run, as its journal says. */
  copyMs(): number;
  /** As `upgrade` for any other command in the host. */
  awayDuring(argv: readonly string[]): Promise<number>;
  /** The same for `systemctl restart`. */
  restart(): Promise<number>;
}

/** Boots it with so many releases to upgrade to, one after the other. */
export function withWindowHost<T>(
  upgrades: number,
  { database = false }: { readonly database?: boolean },
  use: (host: WindowHost) => Promise<T>,
): Promise<T> {
  if (process.getuid?.() !== 0) throw new Error('it needs root, for a throw-away host with a systemd of its own');
  return withScratch(async (scratch) => {
    buildDist();
    const releases = path.join(scratch, 'releases');
    buildReleases({
      out: releases,
      versions: Array.from({ length: upgrades + 1 }, (_, n) => `v0.2.${n}`),
      minimal: true,
    });
    const removal = atEnd(() => void output([LAB, 'down', HOST]));
    try {
      const host = await bootHost(HOST);
      install(host, releases, profile(database ? DATABASE : DIRECTORY));
      return await use(handle(host));
    } finally {
      removal.now();
    }
  });
}

function handle(host: LabHost): WindowHost {
  let installed = 0;
  const away = (argv: readonly string[]): Promise<number> =>
    awayDuring(host.address, PORT, () => timed(host.argv(argv)));
  const refit = (...words: readonly string[]) => [
    process.execPath,
    REFIT,
    ...words,
    '--profile',
    '/opt/bench/profile.yaml',
    '--yes',
  ];
  return {
    host,
    awayDuring: away,
    restart: () => away(['systemctl', 'restart', UNIT]),
    async upgrade(change = 'true', moment = 'copied') {
      installed += 1;
      const script = `rm -f /run/changed; ${WAIT[moment]}; ${change}; touch /run/changed`;
      if (change !== 'true') host.must(['systemd-run', '--quiet', '--collect', '--unit=changer', 'sh', '-c', script]);
      // The archive is made after the commit: it is not of the window, and of 4 GB it takes longer than all of the rest.
      const words = ['--to', `v0.2.${installed}`, '--source', '/opt/bench/releases', '--no-archive'];
      const ms = await away(refit('upgrade', ...words));
      keepNewest(host);
      if (change !== 'true') host.must(['test', '-e', '/run/changed']);
      return ms;
    },
    async rollback() {
      let whole = 0;
      const argv = host.argv(refit('rollback', '--restore-data'));
      const ms = await awayDuring(host.address, PORT, async () => {
        whole = await timed(argv);
      });
      return { away: ms, whole };
    },
    copyMs() {
      const runs = path.join(host.root(), STATE, 'runs');
      const last = fs.readdirSync(runs).sort().at(-1) ?? '';
      const journal = fs.readFileSync(path.join(runs, last, 'journal.jsonl'), 'utf8');
      return Number(/"ms":(\d+(?:\.\d+)?),"manifestSha256"/.exec(journal)?.[1] ?? Number.NaN);
    },
  };
}

/** Every upgrade keeps a copy of all the data, for days: of 4 GB no disk here has room for as many as there are rounds. */
function keepNewest(host: LabHost): void {
  const shelf = path.join(host.root(), path.dirname(DATA), '.refit-generations/bench');
  const old = fs.readdirSync(shelf).sort().slice(0, -1);
  for (const name of old) fs.rmSync(path.join(shelf, name), { recursive: true });
}

function install(host: LabHost, releases: string, text: string): void {
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const archive = `/opt/bench/releases/v0.2.0/sample_linux_${arch}.tar.gz`;
  const write = (file: string, text: string): void => fs.writeFileSync(path.join(host.root(), file), text);
  host.must(['mkdir', '-p', '/opt/bench/bin', DATA]);
  host.copyIn(releases, '/opt/bench/releases');
  host.must(['tar', '-xzf', archive, '-C', path.dirname(INSTALLED), 'sample']);
  write('/opt/bench/profile.yaml', text);
  write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
  host.must(['systemctl', 'daemon-reload']);
  host.must(['systemctl', 'enable', '--quiet', '--now', UNIT]);
}
