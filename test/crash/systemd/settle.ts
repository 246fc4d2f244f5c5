import fs from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { standingOf } from '../../../src/engine/standing.ts';
import { type CrashHost, REFIT, STATE, UNITS } from './host.ts';
import { newestRun } from './run.ts';

const LIMIT_MS = 60_000;
const POLL_MS = 50;

/**
 * Waits for what was begun to end by itself. One command is typed only where no guard was armed yet, or where `mayPause` and
 * the run stands for a person. Resolves with what was wrong.
 */
export async function settle(host: CrashHost, mayPause: boolean): Promise<readonly string[]> {
  const problems: string[] = [];
  let typed = false;
  for (const giveUpAt = performance.now() + LIMIT_MS; performance.now() < giveUpAt; await delay(POLL_MS)) {
    if (isAtWork(host)) continue;
    const state = newestRun(host)?.state;
    const isOver = state === undefined || state.ended !== undefined;
    const watched = isWatched(host);
    // Its guard goes when it next looks, whoever had to end the run.
    if (isOver && watched) continue;
    if (isOver)
      return hasGuard(host) ? [...problems, 'the run has ended, and its guard has stopped, not gone'] : problems;
    const { name, cause } = standingOf(state);
    if (watched && !(mayPause && name !== 'interrupted')) continue;
    if (typed) return [...problems, `not ended by one command: ${name} (${cause?.message ?? 'no cause'})`];
    if (!watched && isDown(host)) problems.push('the service is held or down, and no guard looks after it');
    typed = true;
    await host.dockmesh.refit(name === 'mixed' ? ['rollback', '--yes'] : ['resume'], REFIT);
  }
  return [...problems, `nothing ended it within ${LIMIT_MS} ms`];
}

/** The manager has a unit of a worker. */
function isAtWork({ at }: CrashHost): boolean {
  return fs.existsSync(at('/run/systemd/transient/refit-dockmesh.service'));
}

function hasGuard({ at }: CrashHost): boolean {
  return fs.readdirSync(at(UNITS)).some((name) => name.startsWith('refit-guard-'));
}

function isWatched({ dockmesh: { host } }: CrashHost): boolean {
  return host.exec(['systemctl', 'is-active', '--quiet', 'refit-guard-dockmesh.timer']).exitCode === 0;
}

function isDown({ at, dockmesh: { host } }: CrashHost): boolean {
  if (fs.existsSync(at(`${STATE}/dockmesh/window`))) return true;
  return host.exec(['systemctl', 'is-active', '--quiet', 'dockmesh.service']).exitCode !== 0;
}
