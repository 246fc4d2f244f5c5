import { sealed } from '../document/canonical.ts';
import type { PlanDocument } from '../document/plan.ts';
import { PLAN_FORMAT } from '../document/plan-format.ts';
import type { NothingToDo, Planned } from '../runbook/planned.ts';
import { archivesSeen } from '../runbook/signed/archives-seen.ts';
import { factsSeen } from '../runbook/signed/facts-seen.ts';
import { hostId, hostKey } from '../runbook/signed/host-key.ts';
import { recordedWish } from '../runbook/signed/recorded-wish.ts';
import type { Wish } from '../runbook/wish.ts';
import type { Workshop } from '../runbook/workshop.ts';
import { showPlan } from './begin.ts';
import type { Context, Flags } from './context.ts';
import { planJson } from './report/plan.ts';
import { say } from './report/say.ts';
import { VERSION } from './version.ts';

/** The plan of an upgrade as one document: what is shown of it, what was asked for, and what was seen of this host. */
export async function documentOf(workshop: Workshop, wish: Wish, planned: Planned): Promise<PlanDocument> {
  const { host } = workshop;
  const key = await hostKey(host);
  return sealed({
    format: PLAN_FORMAT,
    refit: VERSION,
    host: { id: hostId(key), name: host.identity.hostname },
    ...planJson(planned),
    purpose: 'upgrade',
    archives: await archivesSeen(workshop, planned),
    wish: recordedWish(wish, planned.plan.to),
    facts: await factsSeen(host, planned.plan, key),
  } as const);
}

interface Shown {
  readonly planned: Planned | NothingToDo;
  readonly wish: Wish;
  readonly flags: Flags;
}

/** Shows a plan that nobody begins: to people as ever, to scripts as a document. */
export async function showDocument(
  context: Context,
  workshop: Workshop,
  { planned, wish, flags }: Shown,
): Promise<void> {
  if ('nothingToDo' in planned || context.output === 'table') showPlan(context, planned, flags);
  else say(context, '', await documentOf(workshop, wish, planned));
}
