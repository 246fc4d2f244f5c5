import { EXIT, RefitError } from '../errors.ts';
import { endingOf } from '../runbook/ending.ts';
import { runPaths, storePaths } from '../runbook/store/paths.ts';
import { readRun } from '../runbook/store/runs.ts';
import { wordsOf } from '../runbook/worker/cut-short.ts';
import { type FollowOptions, follow } from '../runbook/worker/follow.ts';
import type { WorkAnswer } from '../runbook/worker/request.ts';
import type { Workshop } from '../runbook/workshop.ts';
import type { Context } from './context.ts';
import { endingJson, endingText, failedText } from './report/ending.ts';
import { reportError, reportFailure } from './report/error.ts';
import { progressReport } from './report/progress.ts';
import { say } from './report/say.ts';

interface Viewed {
  readonly installation: string;
  readonly run: string;
  /** That this command started; undefined for a bystander. */
  readonly worker: FollowOptions['worker'];
}

/** Watches a run until its worker is done or the person leaves; says how it stands. Returns the exit status. */
export async function view(context: Context, workshop: Workshop, viewed: Viewed): Promise<number> {
  const { terminal, output } = context;
  const store = storePaths(workshop.stateDirectory, viewed.installation);
  const leave = new AbortController();
  const known = await readRun(workshop.host.files, store, viewed.run);
  const report = progressReport(terminal, known?.state.places.length ?? 0);
  let interrupts = 0;
  terminal.onInterrupt(() => {
    interrupts += 1;
    if (interrupts > 1) leave.abort();
    else void askToPause(workshop, viewed).then((text) => terminal.err(`${text}\n`));
  });
  const events = follow(workshop.host, store, viewed.run, { worker: viewed.worker, leave: leave.signal });
  let next = await events.next();
  for (; next.done !== true; next = await events.next()) {
    if (output === 'ndjson') terminal.out(`${JSON.stringify(next.value)}\n`);
    else report.show(next.value);
  }
  report.end();
  if (!leave.signal.aborted) return finish(context, workshop, viewed, next.value);
  if (output !== 'table') say(context, '', { type: 'left', installation: viewed.installation, run: viewed.run });
  terminal.err('Left the view; the run goes on without it. refit attach shows it again\n');
  return EXIT.paused;
}

async function finish(
  context: Context,
  workshop: Workshop,
  viewed: Viewed,
  answer: WorkAnswer | undefined,
): Promise<number> {
  const { terminal, output } = context;
  if (answer?.error !== undefined) {
    reportFailure(terminal, output, answer.error);
    return answer.exit;
  }
  const ending = await endingOf(workshop, viewed.installation, viewed.run);
  if (answer?.follows !== undefined && ending !== undefined) {
    const { installation, worker } = viewed;
    terminal.err(`${failedText(ending)}\n`);
    return view(context, workshop, {
      installation,
      run: answer.follows,
      worker: worker === undefined ? undefined : { ...worker, eventsFrom: 0 },
    });
  }
  if (ending === undefined) throw died(workshop, viewed, 'Type the command again');
  const { name, cause, exit } = ending.standing;
  const death = answer === undefined && name === 'interrupted' ? died(workshop, viewed, 'refit resume') : undefined;
  const told = death === undefined ? {} : { error: cause ?? wordsOf(death) };
  const { undoes } = ending.run.state.plan;
  const failed = undoes === undefined ? undefined : await endingOf(workshop, viewed.installation, undoes);
  const after = failed === undefined ? {} : { after: endingJson(failed) };
  say(context, endingText(ending, failed), { type: 'result', ...endingJson(ending), ...after, ...told });
  if (death !== undefined && output === 'table') reportError(terminal, output, death);
  return answer?.exit ?? exit;
}

function died({ stateDirectory }: Workshop, { installation, run }: Viewed, next: string): RefitError {
  const { directory } = runPaths(storePaths(stateDirectory, installation), run);
  return new RefitError('E_WORKER_DIED', `Cannot see ${installation}'s run to its end: saw its worker gone`, {
    hint: `${next}; its last words: journalctl -u refit-${installation}, or ${directory}/worker.log without systemd`,
  });
}

/** The first Ctrl-C: the worker is asked to pause; it is another process, and this one only watches. */
async function askToPause({ host, stateDirectory }: Workshop, { installation }: Viewed): Promise<string> {
  try {
    const { held, holder } = await host.lock.holder(storePaths(stateDirectory, installation).lock);
    const alive = held && holder !== undefined && (await host.commands.startTimeOf(holder.pid)) === holder.startTime;
    if (!alive) return 'No worker is running. Ctrl-C again leaves the view';
    await host.commands.signal(holder.pid, 'SIGINT');
    return 'Pausing after this step (in the window: once the service answers). Ctrl-C again leaves the view';
  } catch (error) {
    // Who may only look may not pause either; the view goes on.
    if (error instanceof RefitError) return `${error.message}. Ctrl-C again leaves the view`;
    throw error;
  }
}
