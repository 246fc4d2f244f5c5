import { EXIT, RefitError } from '../../errors.ts';
import { STAGES } from '../../runbook/compile.ts';
import { nextStage } from '../../runbook/next-stage.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import { begin, continueRun, showPlan } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command } from '../context.ts';
import { lookOf, text } from '../flags.ts';
import { openRunFor, requireRootFor, requireUpgrade } from '../open-run.ts';
import { requireSameOpening, timedWishOf } from '../opening.ts';
import { say } from '../report/say.ts';
import { requireSamePin, requireSameTarget } from '../same-target.ts';

/** A stage typed by itself: the same run, journal and result as `upgrade`, stopped after it. */
export function stageCommand(stage: string): Command {
  return async (context, flags) => {
    const workshop = await context.workshop();
    const look = lookOf(context, flags);
    const open = await openRunFor(workshop, look);
    if (open === undefined) {
      if (stage !== 'fetch') throw notBegun(stage);
      requireRootFor(workshop, look);
      const wish = await timedWishOf(context, workshop, flags);
      const planned = await planUpgrade(workshop, wish);
      if ('nothingToDo' in planned) {
        showPlan(context, planned);
        return EXIT.ok;
      }
      return begin(context, workshop, flags, wish, planned, 'fetch');
    }
    requireSameTarget(open, text(flags, 'stopAt') ?? text(flags, 'to'));
    await requireSamePin(workshop, open, look.pinned);
    requireUpgrade(open);
    requireSameOpening(open, flags);
    const next = nextStage(open.state) ?? 'verify-health';
    if (place(stage) < place(next)) {
      say(context, `${stage} is done already; next: refit ${next}\n`, { run: open.id, done: stage, next });
      return EXIT.ok;
    }
    if (stage !== next) throw outOfOrder(stage, next);
    if (stage === 'swap') {
      const { installation, from, to } = open.state.plan;
      await requireConsent(
        context,
        flags,
        `Stop ${installation} and swap ${from} for ${to}? It stays down until refit migrate.`,
      );
    }
    return continueRun(context, workshop, open, { until: stage, waived: look.waived, because: look.because });
  };
}

function place(stage: string): number {
  const names: readonly string[] = STAGES;
  return names.indexOf(stage);
}

function notBegun(stage: string): RefitError {
  return new RefitError('E_NO_OPEN_RUN', `Cannot ${stage}: no run is open`, {
    hint: 'Begin with refit fetch --to VERSION',
  });
}

function outOfOrder(stage: string, next: string): RefitError {
  return new RefitError('E_USAGE', `Cannot ${stage} yet: ${next} comes first`, { hint: `refit ${next}` });
}
