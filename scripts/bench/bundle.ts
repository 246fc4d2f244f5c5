import fs from 'node:fs';
import path from 'node:path';
import { buildReleases } from '../build-sample.mjs';
import { asFast, below, interleave, type Report, side } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { type Argv, buildDist, output, REFIT, timed, withScratch, writeLargeFile } from './run.ts';

const BYTES = 1e8;
const TAG = 'v0.2.9';
const ASSETS = ['sample_linux_amd64.tar.gz', 'sample_linux_arm64.tar.gz'];

/** The real commands: a bundle of a release that is only large, made and then verified whole. */
export function bundleBench({ rounds }: BenchOptions): Promise<Report> {
  return withScratch(async (scratch) => {
    buildDist();
    const releases = largeRelease(scratch);
    const bundle = path.join(scratch, 'a.refit.tar');
    const make: Argv = [process.execPath, REFIT, 'fetch', TAG, '--product', 'sample', '--source', releases, '--bundle'];
    const refit = async (): Promise<number> => {
      const made = await timed([...make, bundle]);
      const verified = await timed([process.execPath, REFIT, 'bundle', 'verify', bundle]);
      fs.rmSync(bundle);
      return made + verified;
    };
    const tar = path.join(scratch, 'a.tar');
    const peer = async (): Promise<number> => {
      const made = await timed(['tar', '-cf', tar, '-C', releases, TAG]);
      const proven = await timed(['sha256sum', tar]);
      fs.rmSync(tar);
      return made + proven;
    };
    const samples = await interleave(rounds, { refit, peer });
    const peak = [peakOf([...make, bundle]), peakOf([process.execPath, REFIT, 'bundle', 'verify', bundle])];
    return {
      bench: 'bundle',
      notes: [
        `${rounds} interleaved rounds of 100 MB from the page cache to ${path.dirname(scratch)}; whole processes, two of each`,
        'refit fetch --bundle hashes each archive and the whole, and syncs; refit bundle verify hashes every member again',
        "memory: the most that either command held, by the kernel's own count, in one more round",
      ],
      measures: [
        {
          ...asFast(
            'speed',
            side('refit fetch --bundle and bundle verify', samples.refit),
            side('tar and sha256sum', samples.peer),
            80,
          ),
          bytes: BYTES,
        },
        { ...below('peak memory', side('refit', peak), 120), bytes: BYTES },
      ],
    };
  });
}

/** Two archives of noise, with their digests. */
function largeRelease(scratch: string): string {
  const out = path.join(scratch, 'releases');
  buildReleases({ out, versions: [TAG] });
  const lines = ASSETS.map((name) => {
    const file = path.join(out, TAG, name);
    writeLargeFile(file, BYTES / ASSETS.length);
    return `${output(['sha256sum', file]).split(' ')[0]}  ${name}\n`;
  });
  fs.writeFileSync(path.join(out, TAG, 'checksums.txt'), lines.join(''));
  return out;
}

/** MB at most resident, by the kernel's own count of a child that has ended. */
function peakOf(argv: Argv): number {
  const script =
    'import resource,subprocess,sys; subprocess.run(sys.argv[1:],check=True,stdout=subprocess.DEVNULL); print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)';
  return (Number(output(['python3', '-c', script, ...argv])) * 1024) / 1e6;
}
