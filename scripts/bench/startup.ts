import path from 'node:path';
import { buildReleases } from '../build-sample.mjs';
import { installSample } from '../install-sample.mjs';
import { interleave, noLonger, type Report, side } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { buildDist, REFIT, timed, withScratch } from './run.ts';

/** What a person waits for before anything happens. */
export function startup({ rounds }: BenchOptions): Promise<Report> {
  return withScratch(async (scratch) => {
    buildDist();
    const releases = path.join(scratch, 'releases');
    const prefix = path.join(scratch, 'prefix');
    buildReleases({ out: releases, versions: ['v0.2.8'] });
    const { binary } = await installSample({ prefix, releasesDir: releases, version: 'v0.2.8' });
    const node = process.execPath;
    const sides = {
      node: () => timed([node, '-e', '0']),
      version: () => timed([node, REFIT, '--version']),
      status: () => timed([node, REFIT, 'status', '--prefix', prefix]),
      product: () => timed([binary, '--version']),
    };
    // Once each, so that nobody is the first to read a file.
    for (const run of Object.values(sides)) await run();
    const samples = await interleave(rounds, sides);
    const bare = side('node -e 0', samples.node);
    const status = noLonger('refit status', side('refit status', samples.status), bare, { plus: 60 });
    return {
      bench: 'startup',
      notes: [`${rounds} interleaved rounds; dist/ built now, on Node ${process.versions.node}`],
      measures: [
        noLonger('refit --version', side('refit --version', samples.version), bare, { plus: 20 }),
        { ...status, sides: [...status.sides, side('sample --version, which refit status runs', samples.product)] },
      ],
    };
  });
}
