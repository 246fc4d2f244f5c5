import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { buildReleases } from '../build-sample.mjs';
import { installSample } from '../install-sample.mjs';
import { atEnd } from './at-end.ts';
import { serveCutting } from './cutting-server.ts';
import { asFast, below, interleave, type Report, side } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { peakMemoryOf } from './peak-memory.ts';
import { type Argv, buildDist, output, REFIT, ROOT, timed, withScratch, writeLargeFile } from './run.ts';

const BYTES = 2e9;
const FROM = 'v0.2.8';
const TO = 'v0.2.9';
const ASSET = process.arch === 'arm64' ? 'sample_linux_arm64.tar.gz' : 'sample_linux_amd64.tar.gz';

/** The real `refit fetch`, its worker watched from outside, of a release that is only large. */
export function fetchBench({ rounds }: BenchOptions): Promise<Report> {
  return withScratch(async (scratch) => {
    buildDist();
    const scene = await largeRelease(scratch);
    const peaks: number[] = [];
    await using server = await serve(scene.releases);
    const fetchFrom = async (source: string): Promise<number> => {
      const argv: Argv = [process.execPath, REFIT, 'fetch', '--to', TO, '--prefix', scene.prefix];
      const words = ['--profile', scene.profile, '--source', source, '--yes', '--waive', 'unit-inactive'];
      const ms = await timed([...argv, ...words]);
      fs.rmSync(path.join(scene.prefix, 'var/refit'), { recursive: true });
      return ms;
    };
    const refit = async (): Promise<number> => {
      using memory = peakMemoryOf(scene.prefix);
      const ms = await fetchFrom(server.url);
      peaks.push(memory.peak() / 1e6);
      return ms;
    };
    const copy = path.join(scratch, 'copy');
    const peer = async (): Promise<number> => {
      const got = await timed(['curl', '--silent', '--fail', '-o', copy, `${server.url}/${TO}/${ASSET}`]);
      const proven = await timed(['sha256sum', copy]);
      fs.rmSync(copy);
      return got + proven;
    };
    const samples = await interleave(rounds, { refit, peer });
    const twice = await sentTwice(scene.releases, fetchFrom);
    return {
      bench: 'fetch',
      notes: [
        `${rounds} interleaved rounds of 2 GB from a server on loopback, a process of its own, to ${path.dirname(scratch)}`,
        'refit fetch: the whole command, with its plan, its worker, and the file synced to the disk; curl syncs nothing',
        'memory: VmHWM of the worker, which is what downloads',
        'sent twice: once, over a line that is cut five times; what the server sent beyond the length of the file',
      ],
      measures: [
        {
          ...asFast('speed', side('refit fetch', samples.refit), side('curl -o and sha256sum', samples.peer), 90),
          bytes: BYTES,
        },
        { ...below('peak memory', side("refit's worker", peaks), 120), bytes: BYTES },
        { ...below('sent twice', side('after five cuts', [twice / 1e6]), BYTES / 100 / 1e6), bytes: BYTES },
      ],
    };
  });
}

/** How many bytes of the archive go out more than once where its transfer is cut five times, at places of no kind. */
async function sentTwice(releases: string, fetchFrom: (source: string) => Promise<number>): Promise<number> {
  const after = [0.1, 0.27, 0.13, 0.31, 0.05].map((part) => Math.floor(part * BYTES) + 1);
  await using server = await serveCutting(releases, { file: ASSET, after });
  await fetchFrom(server.url);
  const { bytes, cuts } = server.sent();
  if (cuts !== after.length) throw new Error(`Cannot measure what is sent twice: saw ${cuts} cuts`);
  return bytes - BYTES;
}

/** The sample, installed, and a newer release of it whose tarball is 2 GB of noise: fetching is as far as it gets. */
async function largeRelease(scratch: string) {
  const releases = path.join(scratch, 'releases');
  const prefix = path.join(scratch, 'prefix');
  buildReleases({ out: releases, versions: [FROM, TO] });
  await installSample({ prefix, releasesDir: releases, version: FROM });
  const tarball = path.join(releases, TO, ASSET);
  writeLargeFile(tarball, BYTES);
  const [sha256] = output(['sha256sum', tarball]).split(' ');
  const sums = path.join(releases, TO, 'checksums.txt');
  const others = fs
    .readFileSync(sums, 'utf8')
    .split('\n')
    .filter((line) => !line.endsWith(ASSET));
  fs.writeFileSync(sums, [`${sha256}  ${ASSET}`, ...others].join('\n'));
  const list = path.join(releases, 'releases.json');
  const text = fs.readFileSync(list, 'utf8');
  fs.writeFileSync(list, JSON.stringify(withSize(JSON.parse(text) as Listed[])));
  return { releases, prefix, profile: roomyProfile(scratch) };
}

interface Listed {
  readonly tag_name: string;
  readonly assets: readonly { readonly name: string; readonly size: number }[];
}

function withSize(releases: readonly Listed[]): readonly Listed[] {
  return releases.map((release) => ({
    ...release,
    assets: release.assets.map((asset) =>
      release.tag_name === TO && asset.name === ASSET ? { ...asset, size: BYTES } : asset,
    ),
  }));
}

/** The sample's own, with a limit that 2 GB fit into. */
function roomyProfile(scratch: string): string {
  const text = fs.readFileSync(path.join(ROOT, 'src/product/profiles/sample.yaml'), 'utf8');
  const file = path.join(scratch, 'sample.yaml');
  fs.writeFileSync(file, text.replace(/max_bytes: .*/, 'max_bytes: 4GiB'));
  return file;
}

/** Another process: a server in ours would share our time with the client. */
async function serve(directory: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const script = path.join(ROOT, 'scripts/serve-releases.mjs');
  const child = spawn(process.execPath, [script, '--dir', directory], { stdio: ['ignore', 'pipe', 'inherit'] });
  const killing = atEnd(() => child.kill());
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    url,
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      killing.now();
      await ended;
    },
  };
}
