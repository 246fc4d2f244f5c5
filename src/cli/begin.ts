import type { Plan } from '../engine/plan.ts';
import { factsOf } from '../runbook/facts.ts';
import { programOf } from '../runbook/guarded.ts';
import { hasOpening, openingText } from '../runbook/opening.ts';
import type { NothingToDo, Planned } from '../runbook/planned.ts';
import type { StoredRun } from '../runbook/store/runs.ts';
import type { Wish } from '../runbook/wish.ts';
import { type Job, launch } from '../runbook/worker/launch.ts';
import type { Workshop } from '../runbook/workshop.ts';
import { requireConsent, requireFit } from './consent.ts';
import type { Context, Flags } from './context.ts';
import { truth } from './flags.ts';
import { requireRoot } from './open-run.ts';
import { notesText } from './report/notes.ts';
import { nothingText, planJson, planText, VERB } from './report/plan.ts';
import { say } from './report/say.ts';
import { waivedCodes } from './report/waivers.ts';
import { view } from './view.ts';

export function showPlan(context: Context, planned: Planned | NothingToDo, flags: Flags = {}): void {
  if ('nothingToDo' in planned) say(context, nothingText(planned), planned);
  else say(context, `${planText(planned)}${notesText(planned, truth(flags, 'notes'))}`, planJson(planned));
}

/** Shows the plan, asks, starts the worker, watches it. `until`: stop after that stage. */
export async function begin(
  context: Context,
  workshop: Workshop,
  flags: Flags,
  wish: Wish,
  planned: Planned,
  until?: string,
): Promise<number> {
  const { plan, checks } = planned;
  // With json the one object on stdout is the result.
  if (context.output === 'table') showPlan(context, planned, flags);
  requireFit(checks);
  requireRoot(workshop, factsOf(plan).installation.manager);
  await requireConsent(context, flags, question(planned));
  const { token, waived, because } = wish;
  return launchAndView(context, workshop, plan, { plan, until, token, waived, because });
}

/** With what is let pass, and when: whoever answers may not have seen the plan. */
function question({ plan }: Planned): string {
  const { options, document } = factsOf(plan);
  const { waivers = [], ...opening } = options;
  const as = document === undefined ? [] : [`by the plan ${document}`];
  const waiving = waivers.length === 0 ? [] : [`waiving ${waivedCodes(waivers).join(', ')}`];
  const when = hasOpening(opening) ? [openingText(opening)] : [];
  return `${[`${VERB[plan.purpose]} ${plan.installation} from ${plan.from} to ${plan.to}${overHops(plan)}`, ...as, ...waiving, ...when].join(', ')}?`;
}

function overHops(plan: Planned['plan']): string {
  const { hops } = plan;
  const { allOrNothing = false } = factsOf(plan).options;
  const between = hops.slice(0, -1).map(({ to }) => to);
  return between.length === 0 ? '' : ` over ${between.join(' and ')}${allOrNothing ? ', all or nothing' : ''}`;
}

interface Continued {
  readonly until?: string | undefined;
  /** The person's way back. */
  readonly turn?: boolean;
  /** What they let pass of what the run paused for. */
  readonly waived?: readonly string[];
  readonly because?: string | undefined;
}

/** Goes on with an open run. */
export async function continueRun(
  context: Context,
  workshop: Workshop,
  run: StoredRun,
  { until, turn = false, waived = [], because }: Continued,
): Promise<number> {
  const { plan } = run.state;
  requireRoot(workshop, factsOf(plan).installation.manager);
  const program = await programOf(workshop.host.files, run.state);
  return launchAndView(context, workshop, plan, { run: run.id, turn, until, waived, because, program });
}

/** Begins the run that was agreed to follow from one that failed on its way, and is missing yet. */
export async function beginBack(
  context: Context,
  workshop: Workshop,
  { failed, plan, token }: { readonly failed: StoredRun; readonly plan: Plan; readonly token: string | undefined },
): Promise<number> {
  requireRoot(workshop, factsOf(plan).installation.manager);
  const program = await programOf(workshop.host.files, failed.state);
  return launchAndView(context, workshop, plan, { plan, program, token });
}

async function launchAndView(
  context: Context,
  workshop: Workshop,
  about: Plan,
  job: Omit<Job, 'installation' | 'unit' | 'command'>,
): Promise<number> {
  const { installation } = about;
  const { manager, unit } = factsOf(about).installation;
  const worker = await launch(workshop, {
    installation,
    unit: manager === 'systemd' ? unit : undefined,
    command: context.typed,
    ...job,
  });
  return view(context, workshop, { installation, run: worker.run, worker });
}
