import { EXIT, RefitError } from '../../errors.ts';
import { STAGES } from '../../runbook/compile.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import { findOpenRun } from '../../runbook/store/installations.ts';
import type { StoredRun } from '../../runbook/store/runs.ts';
import { begin, continueRun, showPlan } from '../begin.ts';
import { requireConsent } from '../consent.ts';
import type { Command } from '../context.ts';
import { text, wishOf } from '../flags.ts';
import { requireSameTarget } from '../same-target.ts';

/** A stage typed by itself: the same run, journal and result as `upgrade`, stopped after it. */
export function stageCommand(stage: string): Command {
  return async (context, flags) => {
    const workshop = await context.workshop();
    const wish = await wishOf(context, workshop.host.files, flags);
    const open = await findOpenRun(workshop, wish);
    if (open === undefined) {
      if (stage !== 'fetch') throw notBegun(stage);
      const planned = await planUpgrade(workshop, wish);
      if ('nothingToDo' in planned) {
        showPlan(context, planned);
        return EXIT.ok;
      }
      return begin(context, workshop, flags, wish, planned, 'fetch');
    }
    requireSameTarget(open, text(flags, 'to'));
    const next = nextStage(open);
    if (STAGES.indexOf(stage as never) < STAGES.indexOf(next as never)) {
      context.terminal.out(`${stage} is done already; next: refit ${next}\n`);
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
    return continueRun(context, workshop, open, { until: stage });
  };
}

/** The stage of the first step that is not done. */
function nextStage({ state, id }: StoredRun): string {
  if (state.heading === 'back' || state.plan.purpose !== 'upgrade') {
    throw new RefitError('E_RUN_OPEN', `Cannot go on by stages: the run ${id} is on its way back`, {
      hint: 'refit resume',
    });
  }
  const place = state.places.find(({ index }) => ['pending', 'begun'].includes(state.steps[index]?.status ?? ''));
  return place?.step.stage ?? 'verify-health';
}

function notBegun(stage: string): RefitError {
  return new RefitError('E_NO_OPEN_RUN', `Cannot ${stage}: no run is open`, {
    hint: 'Begin with refit fetch --to VERSION',
  });
}

function outOfOrder(stage: string, next: string): RefitError {
  return new RefitError('E_USAGE', `Cannot ${stage} yet: ${next} comes first`, { hint: `refit ${next}` });
}
