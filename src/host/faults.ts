import { accessSync, appendFileSync } from 'node:fs';
import { constants } from 'node:os';
import type { Effect, Effects } from './effects.ts';

export interface Faults {
  /** One JSON line per effect as it begins, `{pid, n, kind, label}`, and one per middle, `{pid, n, middle}` (from 1). */
  readonly tracePath?: string;
  /** SIGKILL to this process, at effect `n`. `middle` happens in writes only; `nth` says which one, 1 by default. */
  readonly killAt?: { readonly n: number; readonly when: 'before' | 'middle' | 'after'; readonly nth?: number };
  /** A system error at effect `n` if it is a `write` or a `change`: before it, or in the (first) middle of a write. */
  readonly failAt?: { readonly n: number; readonly errno: Errno; readonly when?: 'before' | 'middle' };
  /** Each effect asks for /refit-effect/begin/N and /refit-effect/end/N, which are not there: strace shows where it lies. */
  readonly markers?: boolean;
}

export type Errno = keyof typeof constants.errno;

function systemError(errno: Errno): Error {
  return Object.assign(new Error(`${errno}: injected`), { code: errno, errno: -constants.errno[errno] });
}

function mark(moment: 'begin' | 'end', n: number): void {
  try {
    accessSync(`/refit-effect/${moment}/${n}`);
  } catch {
    // Never there: asking is the mark.
  }
}

/** The fault-injecting twin of `plainEffects`, for tests only: no file that ships imports it. Numbers from 1 in each process. */
export function faultyEffects({ tracePath, killAt, failAt, markers }: Faults): Effects {
  let last = 0;

  const trace = (line: Readonly<Record<string, string | number>>) => {
    if (tracePath !== undefined) appendFileSync(tracePath, `${JSON.stringify({ pid: process.pid, ...line })}\n`);
  };
  const die = (n: number, when: 'before' | 'middle' | 'after', nth = 1) => {
    if (killAt?.n === n && killAt.when === when && (killAt.nth ?? 1) === nth) process.kill(process.pid, 'SIGKILL');
  };
  const fail = (n: number, { kind }: Effect, when: 'before' | 'middle') => {
    if (failAt?.n !== n || (failAt.when ?? 'before') !== when) return;
    if (kind === 'write' || kind === 'change') throw systemError(failAt.errno);
  };

  return {
    async run(effect, act) {
      last += 1;
      const n = last;
      trace({ n, ...effect });
      die(n, 'before');
      if (markers) mark('begin', n);
      let middles = 0;
      try {
        fail(n, effect, 'before');
        return await act(() => {
          middles += 1;
          trace({ n, middle: middles });
          die(n, 'middle', middles);
          if (middles === 1) fail(n, effect, 'middle');
        });
      } finally {
        if (markers) mark('end', n);
        die(n, 'after');
      }
    },
  };
}
