import type { Json } from '../../engine/json.ts';
import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { keepEvidence } from '../evidence.ts';
import { targetVersion } from '../facts.ts';
import { beginProbing, seenAway } from '../probing.ts';
import { startDeadline } from '../start-deadline.ts';
import { requireDatabase } from '../still-there.ts';
import type { Seen } from '../store/window.ts';
import type { World } from '../world.ts';
import { awaitAnswer } from './await-answer.ts';
import { probedBefore } from './baseline.ts';
import { stopService } from './stop-service.ts';

/** Where the service's log stood before the start: what the new version says comes after it. And when that was, in which boot. */
export type StartUndo = { readonly cursor: string; readonly atMs: number; readonly boot: string };

/** What the start measured. */
export type Started = {
  /** No later than the start; null where a reboot lay between, and the service may have been started by it. */
  readonly startedAtMs: number | null;
  /** The boot whose clock that is. */
  readonly boot: string;
  readonly answeredAtMs: number;
  /** From telling the old version to stop until the new one answered; null when a boot lay between. */
  readonly windowMs: number | null;
  /** The same as seen from outside, by a process of its own; null where there was none, or it was killed. */
  readonly seen: Seen | null;
  readonly cursor: string;
};

export const start: Step<World, null, StartUndo> = {
  async prepare({ service, facts, host, run }) {
    const cursor = await service.logCursor(facts.installation.unit);
    return { cursor, atMs: host.clock.monotonic(), boot: run.boot };
  },

  async change(world, _input, { cursor, atMs, boot }, stop): Promise<Started> {
    const { service, facts, hold, host, run } = world;
    const { unit } = facts.installation;
    const version = targetVersion(facts);
    // Not the time of this call: after a kill the service may run already, started by the call before.
    const startedAtMs = boot === run.boot ? atMs : null;
    await requireDatabase(world);
    await service.start(unit, hold);
    const outcome = await awaitAnswer(world, {
      version,
      timeoutMs: startDeadline(world),
      since: cursor,
      stop,
      // Too many requests, or as ill as before: no release is to blame, and in the window nobody can pause. Health judges.
      excuses: ({ name, busy }) => busy === true || probedBefore(world).has(name),
    });
    if (!outcome.answered) throw await failed(world, cursor, version, outcome.saw, outcome.line);
    const answeredAtMs = host.clock.monotonic();
    const stopped = stoppedAt(world.outputOf('stop'), run.boot);
    const windowMs = stopped === undefined ? null : Math.round(answeredAtMs - stopped);
    const seen = (await seenAway(world)) ?? null;
    return { startedAtMs, boot: run.boot, answeredAtMs, windowMs, seen, cursor };
  },

  async revert(world) {
    const { probing, host, outputOf, service, facts } = world;
    // It has answered, and was no longer looked at: this way back is another window. One that is down already is not waited for.
    if (outputOf('start') !== undefined && (await service.state(facts.installation.unit)).activity === 'active') {
      await beginProbing(world);
      probing.current?.stopping(host.clock.monotonic());
    }
    // The marker went just before our start: without it a boot or Restart= could start a half-restored version.
    await world.service.armHold(world.hold);
    await stopService(world);
  },
};

/** Monotonic time of the stop, if it was in this boot: that clock begins anew with each. */
function stoppedAt(output: Json | undefined, boot: string): number | undefined {
  if (typeof output !== 'object' || output === null || !('stoppedAtMs' in output)) return undefined;
  return output['boot'] === boot && typeof output['stoppedAtMs'] === 'number' ? output['stoppedAtMs'] : undefined;
}

async function failed(
  world: World,
  cursor: string,
  version: string,
  saw: string,
  line: string | undefined,
): Promise<RefitError> {
  const { unit } = world.facts.installation;
  const kept = await keepEvidence(world, cursor, 'start');
  const migrating = world.facts.profile.migrate?.failure_lines.some((word) => line?.includes(word) === true) === true;
  return new RefitError(
    migrating ? 'E_MIGRATION_FAILED' : 'E_SERVICE_START',
    migrating
      ? `Cannot migrate the data to ${version}: ${saw}`
      : `Cannot start ${unit} at ${version}: saw ${saw}, expected an answer`,
    { hint: `Its last lines: ${kept}` },
  );
}
