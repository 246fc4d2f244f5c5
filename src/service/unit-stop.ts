import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { processesOf } from './control-group.ts';
import type { Stopped } from './service.ts';
import { lastLine, order } from './systemctl.ts';
import { type UnitState, unitState } from './unit-state.ts';

const POLL_MS = 100;
const SIGKILL = 9;

const isStopped = ({ state: { activity, pid } }: UnitState): boolean =>
  (activity === 'inactive' || activity === 'failed') && pid === undefined;

/** See `ServiceManager.stop`. Two children where all goes well: `systemctl stop` ends when its job has. */
export async function stopUnit(
  { commands, clock, files }: Pick<Host, 'commands' | 'clock' | 'files'>,
  unit: string,
  timeoutMs: number,
): Promise<Stopped> {
  const began = clock.monotonic();
  const left = (): number => timeoutMs - (clock.monotonic() - began);
  const ordered = await order(commands, ['stop', '--', unit], timeoutMs);
  const ms = clock.monotonic() - began;
  let seen = await unitState(commands, unit);
  // A `systemctl` that was killed or lost its connection says nothing about the job it queued.
  while (!isStopped(seen) && seen.state.activity === 'deactivating' && left() > 0) {
    await clock.sleep(POLL_MS);
    seen = await unitState(commands, unit);
  }
  if (!isStopped(seen)) throw stillAlive(unit, seen, lastLine(ordered));
  return {
    ms: ordered.exitCode === 0 ? ms : clock.monotonic() - began,
    killed: seen.state.result === 'timeout' || seen.state.exitSignal === SIGKILL,
    remaining: await processesOf(files, seen.controlGroup),
    state: seen.state,
  };
}

function stillAlive(unit: string, { state }: UnitState, words: string): RefitError {
  const saw = `it ${state.activity} (${state.detail})${state.pid === undefined ? '' : `, process ${state.pid}`}`;
  return new RefitError('E_SERVICE_STOP', `Cannot stop ${unit}: saw ${saw}${words === '' ? '' : `: ${words}`}`, {
    hint: `systemctl status ${unit} shows what it waits for`,
    facts: { unit, activity: state.activity, ...(state.pid === undefined ? {} : { pid: state.pid }) },
  });
}
