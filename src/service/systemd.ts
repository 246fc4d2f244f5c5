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
  return {
    kind: 'systemd',
    inspect: (unit) => unitFacts(commands, unit),
    state: async (unit) => (await unitState(commands, unit)).state,
    armHold: (hold) => armUnitHold(host, hold),
    stop: (unit, { timeoutMs }) => stopUnit(host, unit, timeoutMs),
    start: (unit, hold) => startUnit(host, unit, hold),
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
