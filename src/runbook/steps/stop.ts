import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import { startReserve } from '../generations.ts';
import { seenAway } from '../probing.ts';
import { answersQuestion } from '../questions.ts';
import { requireDatabase } from '../still-there.ts';
import type { World } from '../world.ts';
import { awaitAnswer } from './await-answer.ts';
import { stopService } from './stop-service.ts';

/** How the service was before the window: what "restored" will mean (law 16). */
export type StopUndo = { readonly active: boolean; readonly answered: boolean };

export const stop: Step<World, null, StopUndo> = {
  async prepare({ service, facts, health }) {
    const { activity } = await service.state(facts.installation.unit);
    const question = answersQuestion(facts, facts.installation.version);
    const context = { token: undefined, sinceStartMs: undefined, timeoutMs: 2_000 };
    const answered = question === undefined || (await health.ask(question, context)).healthy;
    return { active: activity === 'active' || activity === 'activating', answered };
  },

  async change(world) {
    const stoppedAtMs = world.host.clock.monotonic();
    world.probing.current?.stopping(stoppedAtMs);
    const { ms, killed } = await stopService(world);
    return { stoppedAtMs, boot: world.run.boot, ms, killed };
  },

  async revert(world, _input, { active, answered }, stop) {
    const { service, facts, hold, host, generation } = world;
    const { unit, version } = facts.installation;
    if (!active) return null;
    await host.files.remove(startReserve(generation));
    await requireDatabase({ host, facts });
    await service.start(unit, hold);
    const outcome = await awaitAnswer(world, {
      version,
      timeoutMs: facts.startTimeout.ms,
      since: undefined,
      stop,
      patient: !answered,
    });
    // What was sick before may be sick after: it was started, and more cannot be asked (law 16).
    if (outcome.answered || !answered) return (await seenAway(world)) ?? null;
    throw new RefitError(
      'E_UNDO_FAILED',
      `Cannot bring ${unit} back: saw ${outcome.saw}, expected it to answer as before`,
      {
        hint: `Look at what it logs and mend it; refit rollback then tries again`,
      },
    );
  },

  /** A service that runs again although it was stopped would be copied while it writes. */
  async recheck({ service, facts, hasBegun }) {
    if (hasBegun('start')) return;
    const { unit } = facts.installation;
    const { activity } = await service.state(unit);
    if (activity === 'inactive' || activity === 'failed') return;
    throw new RefitError('E_WORLD_CHANGED', `Cannot go on: ${unit} is ${activity} although this run had stopped it`, {
      hint: 'Find out who started it; the run goes back',
    });
  },
};
