// refit, for whose worker every wait of a third of a second or more is fifty times as short: what gives up after minutes does so
// in seconds, by the same code. The command that is typed asks programs of this machine, and has its time.
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const FACTOR = 50;
const FROM_MS = 300;
const shorter = (ms = 0): number => (ms < FROM_MS ? ms : ms / FACTOR);

if (process.argv[2] === 'worker') {
  const { setTimeout: wait } = globalThis;
  globalThis.setTimeout = Object.assign(
    (act: (...given: unknown[]) => void, ms?: number, ...given: unknown[]) => wait(act, shorter(ms), ...given),
    wait,
  ) as typeof setTimeout;
  const { setTimeout: sleep } = timers;
  timers.setTimeout = ((ms: number | undefined, ...rest: []) => sleep(shorter(ms), ...rest)) as typeof sleep;
  syncBuiltinESMExports();
}

await import('../../../bin/refit.js' as string);
