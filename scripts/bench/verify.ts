import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { asFast, interleave, type Report, side } from './measure.ts';
import type { BenchOptions } from './options.ts';
import { type Argv, output, timed, withScratch, writeLargeFile } from './run.ts';

const BYTES = 1e9;
const CHILD = fileURLToPath(new URL('./children/verify.ts', import.meta.url));

/** The release room's own `verify`, in a process of its own, against the program everybody has. */
export function verify({ rounds }: BenchOptions): Promise<Report> {
  return withScratch(async (scratch) => {
    const file = path.join(scratch, 'release.tar.gz');
    writeLargeFile(file, BYTES);
    const [sha256 = ''] = output(['sha256sum', file]).split(' ');
    const ours: Argv = [process.execPath, CHILD, file, sha256];
    await timed(ours);
    const samples = await interleave(rounds, {
      refit: () => timed(ours),
      peer: () => timed(['sha256sum', file]),
    });
    const measure = asFast('verify', side('refit verify', samples.refit), side('sha256sum', samples.peer), 80);
    const notes = [`${rounds} interleaved rounds; 1 GB from the page cache; whole processes, their start included`];
    return { bench: 'verify', notes, measures: [{ ...measure, bytes: BYTES }] };
  });
}
