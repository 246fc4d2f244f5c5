import { EXIT, exitOf } from '../errors.ts';
import type { Planned } from '../runbook/planned.ts';
import { rehearsePlan } from '../runbook/rehearsal.ts';
import type { Workshop } from '../runbook/workshop.ts';
import type { Progress } from '../runbook/world.ts';
import type { Context } from './context.ts';
import { plain } from './report/plain.ts';
import { planJson, planText } from './report/plan.ts';
import { rehearsalJson, rehearsalText } from './report/rehearsal.ts';
import { say } from './report/say.ts';
import { transferReport } from './report/transfer.ts';

/** Tries the migration of a plan, then shows both. Returns the exit status of what failed; undefined where nothing did. */
export async function showRehearsed(
  context: Context,
  workshop: Workshop,
  planned: Planned,
): Promise<number | undefined> {
  const { terminal, typed } = context;
  const bar = transferReport(terminal);
  const report = (progress: Progress): void => {
    if (progress.kind === 'bytes') bar.draw(progress);
    else terminal.err(`  ${plain(progress.text)}\n`);
  };
  try {
    const rehearsal = await rehearsePlan(workshop, planned, {
      command: typed,
      report,
      onInterrupt: terminal.onInterrupt,
    });
    bar.end();
    const json = { ...planJson(planned), ...rehearsalJson(rehearsal) };
    say(context, `${planText(planned)}${rehearsalText(rehearsal)}`, json);
    if (rehearsal.outcome !== 'failed') return undefined;
    const exit = exitOf(rehearsal.error);
    // In an upgrade it would have been put back; here nothing was changed.
    return exit === EXIT.restored ? EXIT.refused : exit;
  } finally {
    bar.end();
  }
}
