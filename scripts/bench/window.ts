import fs from 'node:fs';
import path from 'node:path';
import { bootHost, type LabHost } from '../../test/system/support/host.ts';
import { buildReleases } from '../build-sample.mjs';
import { atEnd } from './at-end.ts';
import { interleave, noLonger, type Report, side } from './measure.ts';
import { awayDuring } from './prober.ts';
import { buildDist, output, REFIT, ROOT, timed, withScratch } from './run.ts';
import { PORT, PROFILE, UNIT, UNIT_TEXT } from './window-host.ts';

const ROUNDS = 11;
const HOST = 'refit-bench';
const LAB = path.join(ROOT, 'test/lab/lab');

/** The downtime of an upgrade, seen from another host, against that of a restart. */
export function windowBench(): Promise<Report> {
  if (process.getuid?.() !== 0) throw new Error('it needs root, for a throw-away host with a systemd of its own');
  return withScratch(async (scratch) => {
    buildDist();
    const releases = path.join(scratch, 'releases');
    const versions = Array.from({ length: ROUNDS + 2 }, (_, index) => `v0.2.${index}`);
    buildReleases({ out: releases, versions, minimal: true });
    const removal = atEnd(() => void output([LAB, 'down', HOST]));
    try {
      const host = await bootHost(HOST);
      install(host, releases);
      return await measured(host);
    } finally {
      removal.now();
    }
  });
}

async function measured(host: LabHost): Promise<Report> {
  let installed = 0;
  const upgrade = (): readonly string[] => {
    installed += 1;
    const target = ['--to', `v0.2.${installed}`, '--source', '/opt/bench/releases'];
    return [process.execPath, REFIT, 'upgrade', ...target, '--profile', '/opt/bench/profile.yaml', '--yes'];
  };
  const away = (argv: readonly string[]): Promise<number> =>
    awayDuring(host.address, PORT, () => timed(host.argv(argv)));
  const sides = {
    refit: () => away(upgrade()),
    restart: () => away(['systemctl', 'restart', UNIT]),
  };
  // Once each, so that nobody is the first to read a file.
  for (const run of Object.values(sides)) await run();
  const samples = await interleave(ROUNDS, sides);
  const ours = side('refit upgrade', samples.refit);
  const plain = side('systemctl restart', samples.restart);
  return {
    bench: 'window',
    notes: [
      `${ROUNDS} interleaved rounds on a throw-away host; one prober for both, from outside, every 5 ms`,
      'the server drains nothing and is ready as soon as Node can be; its data directory is empty',
    ],
    measures: [noLonger('away', ours, plain, { times: 1.5, plus: 50 })],
  };
}

function install(host: LabHost, releases: string): void {
  const arch = process.arch === 'arm64' ? 'arm64' : 'amd64';
  const archive = `/opt/bench/releases/v0.2.0/sample_linux_${arch}.tar.gz`;
  const write = (file: string, text: string): void => fs.writeFileSync(path.join(host.root(), file), text);
  host.must(['mkdir', '-p', '/opt/bench/bin', '/var/lib/bench/data']);
  host.copyIn(releases, '/opt/bench/releases');
  host.must(['tar', '-xzf', archive, '-C', '/opt/bench/bin', 'sample']);
  write('/opt/bench/profile.yaml', PROFILE);
  write(`/etc/systemd/system/${UNIT}`, UNIT_TEXT);
  host.must(['systemctl', 'daemon-reload']);
  host.must(['systemctl', 'enable', '--quiet', '--now', UNIT]);
}
