import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { asFast, below, interleave, type Report, side } from './measure.ts';
import { mixedData } from './mixed-data.ts';
import type { BenchOptions } from './options.ts';
import { type Argv, output, timed, withScratch } from './run.ts';

const LARGE = { files: 3, bytes: 290e6 };
const SMALL = { files: 20_000, bytes: 6_500 };
const bytes = LARGE.files * LARGE.bytes + SMALL.files * SMALL.bytes;
const CHILD = fileURLToPath(new URL('./children/backup.ts', import.meta.url));
/** The types of the sources are stripped before: what does that takes more memory than refit. */
const REQUIRE = "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);";

/** The data room's copy and archive, in a process of their own, against what a person types. */
export function backupBench({ rounds }: BenchOptions): Promise<Report> {
  return withScratch(async (scratch) => {
    const data = path.join(scratch, 'data');
    mixedData(data, LARGE, SMALL);
    const child = path.join(scratch, 'child.mjs');
    buildSync({
      entryPoints: [CHILD],
      outfile: child,
      bundle: true,
      platform: 'node',
      format: 'esm',
      banner: { js: REQUIRE },
    });
    const peaks: number[] = [];
    const [ours, copy, archive] = ['ours', 'copy', 'copy.tar.zst'].map((name) => path.join(scratch, name));
    if (ours === undefined || copy === undefined || archive === undefined) throw new Error('no names');
    const clear = (): void => {
      for (const one of [ours, `${ours}.tar.zst`, copy, archive]) fs.rmSync(one, { recursive: true, force: true });
      // What one side has written is not written back at the cost of the next.
      output(['sync', '--file-system', scratch]);
    };
    const refit = async (): Promise<number> => {
      clear();
      const began = performance.now();
      peaks.push((Number(output([process.execPath, child, data, ours])) * 1024) / 1e6);
      return performance.now() - began;
    };
    const peer = async (): Promise<number> => {
      clear();
      const tar: Argv = ['tar', '--create', '--zstd', `--file=${archive}`, `--directory=${scratch}`, 'copy'];
      const synced: Argv = ['sync', '--file-system', scratch];
      return (await timed(['cp', '-a', data, copy])) + (await timed(tar)) + (await timed(synced));
    };
    await refit();
    peaks.length = 0;
    const samples = await interleave(rounds, { refit, peer });
    return {
      bench: 'backup',
      notes: [
        `${rounds} interleaved rounds of ${LARGE.files} files of 290 MB and 20,000 of 6.5 KB on average, to ${path.dirname(scratch)}`,
        'refit: hot copy, the look at what has changed, digests of every file, archive, all synced, its process started; zstd level 3',
        'cp -a and tar --zstd, then one sync',
        'memory: ru_maxrss of the process that copies and archives',
      ],
      measures: [
        { ...asFast('speed', side('refit', samples.refit), side('cp -a and tar --zstd', samples.peer), 90), bytes },
        { ...below('peak memory', side('refit', peaks), 150), bytes },
      ],
    };
  });
}
