import { dirname } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import type { Hold } from './service.ts';
import { forgetStarts, lastLine, order, statusWords } from './systemctl.ts';
import { type UnitState, unitState } from './unit-state.ts';

/** See `ServiceManager.start`. Each child is downtime; `fresh`: none is needed to forget starts before this one. */
export async function startUnit(
  host: Pick<Host, 'files' | 'commands'>,
  unit: string,
  hold: Hold | undefined,
  fresh: boolean,
): Promise<void> {
  const { files, commands } = host;
  if (hold !== undefined) await files.remove(hold.marker);
  if (!fresh) await forgetStarts(commands, unit);
  // Not waited for: under Type=notify and oneshot that would take as long as a migration, and the answer is the prober's.
  const started = await order(commands, ['start', '--no-block', '--', unit]);
  // The service is booting by now, so this costs no downtime. Without it a power loss only leaves the marker standing.
  if (hold !== undefined) await files.sync(dirname(hold.marker));
  if (started.exitCode !== 0)
    throw await notAccepted(unit, started.timedOut ? 'no answer' : lastLine(started), commands);
  const seen = await unitState(commands, unit);
  // Somebody who tried to start it all through the window has used up its starts.
  if (fresh && seen.state.result === 'start-limit-hit') return startUnit(host, unit, undefined, false);
  if (wasRefused(seen)) throw refused(unit, await statusWords(commands, unit));
}

/** A job that is done and left nothing: neither a process nor one that failed. */
function wasRefused({ state, assertionsHold, conditionsHold }: UnitState): boolean {
  if (state.activity === 'failed') return ['resources', 'start-limit-hit', 'assert'].includes(state.result);
  return state.activity === 'inactive' && !(assertionsHold && conditionsHold);
}

async function notAccepted(unit: string, words: string, commands: Host['commands']): Promise<RefitError> {
  const { loadState } = await unitState(commands, unit);
  if (loadState === 'masked') {
    return new RefitError(
      'E_SERVICE_START',
      `Cannot start ${unit}: saw a masked unit, expected one that may be started`,
      {
        hint: `systemctl unmask ${unit}`,
        facts: { unit, loadState },
      },
    );
  }
  return refused(unit, words);
}

function refused(unit: string, words: string): RefitError {
  return new RefitError('E_SERVICE_START', `Cannot start ${unit}: saw ${words || 'a refusal without a reason'}`, {
    hint: `systemctl status ${unit}`,
    facts: { unit },
  });
}
