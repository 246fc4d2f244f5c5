import type { ServiceState } from '../../service/service.ts';
import { asksStable } from '../questions.ts';
import type { World } from '../world.ts';
import { describeState } from './await-answer.ts';

/** Restarts by somebody that a soak outlives, each with a soak of its own after it. */
const MAX_RESTARTS = 3;
/** Between somebody's stop and their start. */
const STOPPED_MS = 5_000;
const LOOK_MS = 100;

/** What became of the process since the soak began: `restarted` by somebody, by Restart= after it had ended, or at it. */
export type Course = 'same' | 'restarting' | 'restarted' | 'ended';

/**
 * Restart= counts its own starts and forgets them at somebody's (NRestarts): another process without a higher count was
 * started by somebody, whom no release is to blame for. Pure.
 */
export function courseOf(before: ServiceState, now: ServiceState): Course {
  const { activity, detail, restarts, result } = now;
  if (restarts > before.restarts) return 'ended';
  // Its result is still that of the stop before, which need not have been a clean one.
  if (activity === 'activating' && detail !== 'auto-restart') return 'restarting';
  if (activity === 'failed' || result !== 'success') return 'ended';
  if (activity !== 'active') return 'restarting';
  return now.pid === before.pid && now.startedAt === before.startedAt ? 'same' : 'restarted';
}

/** Follows the one process that a soak is about. */
export interface Attendance {
  /** What is wrong with it; `anew` where somebody has started it again, so that the soak begins again. */
  look(stop: AbortSignal): Promise<{ readonly anew: boolean; readonly wrong: string | undefined }>;
}

export async function attend({ service, facts, host, report }: World): Promise<Attendance> {
  const { unit, stopTimeoutMs } = facts.installation;
  const strict = asksStable(facts);
  let before = await service.state(unit);
  let seen = 0;
  /** Until somebody has started what they are stopping, or has not. */
  const settled = async (stop: AbortSignal): Promise<ServiceState> => {
    const begun = host.clock.monotonic();
    for (;;) {
      const now = await service.state(unit);
      const patienceMs = now.activity === 'inactive' ? STOPPED_MS : stopTimeoutMs + STOPPED_MS + facts.startTimeout.ms;
      const isOver = host.clock.monotonic() - begun >= patienceMs;
      if (isOver || courseOf(before, now) !== 'restarting') return now;
      await host.clock.sleep(LOOK_MS, stop);
    }
  };
  return {
    async look(stop) {
      const now = await settled(stop);
      const course = courseOf(before, now);
      if (course === 'same' || (course === 'ended' && !strict)) return { anew: false, wrong: undefined };
      seen += 1;
      if (course !== 'restarted' || seen > MAX_RESTARTS)
        return { anew: false, wrong: `not stable: ${describeState(now)}` };
      before = now;
      report({ kind: 'note', text: `somebody restarted ${unit}; watching it anew` });
      return { anew: true, wrong: undefined };
    },
  };
}
