import { EXIT, RefitError } from '../../errors.ts';
import { planUpgrade } from '../../runbook/plan-upgrade.ts';
import type { Planned } from '../../runbook/planned.ts';
import type { Wish } from '../../runbook/wish.ts';
import type { Workshop } from '../../runbook/workshop.ts';
import { showPlan } from '../begin.ts';
import type { Command, Context, Flags } from '../context.ts';
import { documentOf, showDocument } from '../document.ts';
import { absolute, lookOf, text, truth } from '../flags.ts';
import { requireNoOpenRun, requireRootFor } from '../open-run.ts';
import { timedWishOf } from '../opening.ts';
import { plain } from '../report/plain.ts';
import { say } from '../report/say.ts';

/** What an upgrade would do. Changes nothing; inhibiting findings are shown, not refused. */
export const plan: Command = async (context, flags) => {
  const workshop = await context.workshop();
  const rehearses = truth(flags, 'rehearse');
  const out = text(flags, 'out');
  if (rehearses && out !== undefined) throw rehearsedAndWritten(out);
  if (rehearses) {
    const look = lookOf(context, flags);
    await requireNoOpenRun(workshop, look);
    requireRootFor(workshop, look);
  }
  const wish = await timedWishOf(context, workshop, flags);
  const planned = await planUpgrade(workshop, wish);
  const available = truth(flags, 'exitCode') && !('nothingToDo' in planned) ? EXIT.available : EXIT.ok;
  if ('nothingToDo' in planned) showPlan(context, planned, flags);
  else if (out !== undefined) await write(context, workshop, { planned, wish, flags, out });
  else if (!rehearses) await showDocument(context, workshop, { planned, wish, flags });
  else {
    // The steps of the runbook: a plan by itself needs none of them.
    const { showRehearsed } = await import('../show-rehearsed.ts');
    return (await showRehearsed(context, workshop, planned)) ?? available;
  }
  return available;
};

interface Written {
  readonly planned: Planned;
  readonly wish: Wish;
  readonly flags: Flags;
  readonly out: string;
}

async function write(context: Context, workshop: Workshop, { planned, wish, flags, out }: Written): Promise<void> {
  // It reads with a schema what it wrote, which a plan that is only shown does not need.
  const { writePlan } = await import('../write-plan.ts');
  const document = await documentOf(workshop, wish, planned);
  const path = absolute(context, out);
  await writePlan(workshop.host.files, path, document);
  if (context.output !== 'table') return say(context, '', document);
  showPlan(context, planned, flags);
  const lines = ['', `written to ${path}:`, document.digest, `next: refit upgrade --plan ${out}`];
  say(context, `${plain(lines.join('\n'))}\n`, document);
}

function rehearsedAndWritten(out: string): RefitError {
  return new RefitError('E_USAGE', `Cannot take both: saw --rehearse and --out ${out}`, {
    hint: 'rehearse first; the plan is the same afterwards',
  });
}
