import { interleave, noLonger, type Report, side } from './measure.ts';
import { withWindowHost } from './window-host.ts';

const ROUNDS = 11;

/** The downtime of an upgrade, seen from another host, against that of a restart. */
export function windowBench(): Promise<Report> {
  return withWindowHost(ROUNDS + 1, async ({ upgrade, restart }) => {
    const sides = { refit: upgrade, restart };
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
  });
}
