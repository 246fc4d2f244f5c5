import { EXIT, RefitError } from '../errors.ts';
import { endingOf } from '../runbook/ending.ts';
import { storePaths } from '../runbook/store/paths.ts';
import { readRun } from '../runbook/store/runs.ts';
import { follow } from '../runbook/worker/follow.ts';
import type { WorkAnswer } from '../runbook/worker/request.ts';
import type { Workshop } from '../runbook/workshop.ts';
import type { Context } from './context.ts';
import { endingJson, endingText } from './report/ending.ts';
import { reportFailure } from './report/error.ts';
import { progressReport } from './report/progress.ts';

export interface Viewed {
  readonly installation: string;
  readonly run: string;
  /** Of the command that started the worker; undefined for a bystander. */
  readonly nonce: string | undefined;
  readonly fromEnd?: boolean;
}

/** Watches a run until its worker is done or the person leaves; says how it stands. Returns the exit status. */
export async function view(context: Context, workshop: Workshop, viewed: Viewed): Promise<number> {
  const { terminal, output } = context;
  const leave = new AbortController();
  const known = await readRun(
    workshop.host.files,
    storePaths(workshop.stateDirectory, viewed.installation),
    viewed.run,
  );
  const report = progressReport(terminal, known?.state.places.length ?? 0);
  let interrupts = 0;
  terminal.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) leave.abort();
    else void askToPause(workshop, viewed).then((text) => terminal.err(`${text}\n`));
  });
  const events = follow(workshop.host, storePaths(workshop.stateDirectory, viewed.installation), viewed.run, {
    nonce: viewed.nonce,
    fromEnd: viewed.fromEnd ?? false,
    leave: leave.signal,
  });
  let answer: WorkAnswer | undefined;
  for (;;) {
    const next = await events.next();
    if (next.done === true) {
      answer = next.value;
      break;
    }
    if (output === 'ndjson') terminal.out(`${JSON.stringify(next.value)}\n`);
    else report.show(next.value);
  }
  report.end();
  if (leave.signal.aborted) {
    terminal.err('Left the view; the run goes on without it. refit attach shows it again\n');
    return EXIT.paused;
  }
  return finish(context, workshop, viewed, answer);
}

async function finish(
  context: Context,
  workshop: Workshop,
  viewed: Viewed,
  answer: WorkAnswer | undefined,
): Promise<number> {
  const { terminal, output } = context;
  const ending = await endingOf(workshop, viewed.installation, viewed.run);
  if (answer?.error !== undefined) {
    reportFailure(terminal, output, answer.error);
    return answer.exit;
  }
  if (ending === undefined)
    throw new RefitError('E_WORKER_DIED', 'Cannot say how the run ended: its worker died before it began', {
      hint: `Type the command again; its last words: ${workshop.stateDirectory}/${viewed.installation}/runs/${viewed.run}/worker.log`,
    });
  if (output === 'table') terminal.out(endingText(ending));
  else terminal.out(`${JSON.stringify({ type: 'result', ...endingJson(ending) })}\n`);
  if (answer === undefined && ending.standing.name === 'interrupted') {
    terminal.err('The worker is gone without a last word; nothing is lost: refit resume\n');
  }
  return answer?.exit ?? ending.standing.exit;
}

/** The first Ctrl-C: the worker is asked to pause; it is another process, and this one only watches. */
async function askToPause({ host, stateDirectory }: Workshop, { installation }: Viewed): Promise<string> {
  const { held, holder } = await host.lock.holder(storePaths(stateDirectory, installation).lock);
  if (!held || holder === undefined) return 'No worker is running';
  if ((await host.commands.startTimeOf(holder.pid)) !== holder.startTime) return 'The worker is gone';
  await host.commands.signal(holder.pid, 'SIGINT');
  return 'Pausing after this step (in the window: once the service answers). Ctrl-C again only leaves the view';
}
