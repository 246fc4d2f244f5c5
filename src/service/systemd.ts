import type { Host } from '../host/host.ts';
import { journalCursor, journalSince } from './journal.ts';
import { recentStarts } from './recent-starts.ts';
import type { ServiceManager } from './service.ts';
import { runnersOf, unitsOf } from './strangers.ts';
import { reload, systemState } from './systemctl.ts';
import { unitFacts } from './unit-facts.ts';
import { armUnitHold, releaseUnitHold } from './unit-hold.ts';
import { startUnit } from './unit-start.ts';
import { unitState } from './unit-state.ts';
import { stopUnit } from './unit-stop.ts';

/** Answers of a manager that will start something; with any other, also with none, a refusal says nothing about a release. */
const AWAKE = new Set(['initializing', 'starting', 'running', 'degraded', 'maintenance']);

export function systemdManager(host: Pick<Host, 'files' | 'commands' | 'clock'>): ServiceManager {
  const { files, commands } = host;
  /** Units whose starts were forgotten when they were held, and that have not restarted or failed since. */
  const fresh = new Set<string>();
  return {
    kind: 'systemd',
    inspect: (unit) => unitFacts(commands, unit),
    state: async (unit) => (await unitState(commands, unit)).state,
    async armHold(hold) {
      await armUnitHold(host, hold);
      fresh.add(hold.unit);
    },
    async stop(unit, { timeoutMs }) {
      const stopped = await stopUnit(host, unit, timeoutMs);
      if (stopped.state.restarts > 0 || stopped.state.result !== 'success') fresh.delete(unit);
      return stopped;
    },
    start: (unit, hold) => startUnit(host, unit, hold, fresh.delete(unit)),
    releaseHold: (hold) => releaseUnitHold(host, hold),
    reload: () => reload(commands),
    logCursor: () => journalCursor(host),
    logsSince: (unit, cursor, { maxLines }) => journalSince(commands, unit, cursor, maxLines),
    managerStopping: async () => !AWAKE.has(await systemState(commands)),
    recentStarts: (unit, line) => recentStarts(host, unit, line),
    outside: async (unit, pids) => (await unitsOf(files, pids)).filter((one) => one.unit !== unit),
    strangers: async (unit, execPath) => (await runnersOf(files, execPath)).filter((runner) => runner.unit !== unit),
  };
}
