import { type DriveOutcome, drive } from '../../engine/drive.ts';
import { type Journal, JournalUnwritable, openJournal } from '../../engine/journal.ts';
import { type RunState, replay } from '../../engine/replay.ts';
import { isTouched, standingOf } from '../../engine/standing.ts';
import { EXIT, exitOf, RefitError } from '../../errors.ts';
import { factsOf } from '../facts.ts';
import { roomsOf } from '../find.ts';
import { STEPS } from '../steps/registry.ts';
import { journalFile } from '../store/journal-file.ts';
import { type RunPaths, runPaths, type StorePaths, storePaths } from '../store/paths.ts';
import { noOpenRun, openRun } from '../store/runs.ts';
import { writeState } from '../store/state.ts';
import type { Workshop } from '../workshop.ts';
import { bootToken } from './boot.ts';
import { type EventLog, eventOf, openEvents } from './events.ts';
import { logOutcome } from './log-outcome.ts';
import { makeWorld } from './make-world.ts';
import { answerPath, type WorkAnswer, type WorkRequest } from './request.ts';

export interface WorkSignals {
  readonly pause: AbortSignal;
  readonly shutdown: AbortSignal;
}

/** One worker's life: take the lock, begin or continue the run, drive it, say how it ended. Resolves with the exit status. */
export async function work(workshop: Workshop, request: WorkRequest, signals: WorkSignals): Promise<number> {
  const { host } = workshop;
  const store = storePaths(request.stateDirectory, request.installation);
  const run = runPaths(store, request.run);
  const answer = await attempt(workshop, request, signals, store, run);
  const text = `${JSON.stringify(answer)}\n`;
  await host.files.writeAtomic(answerPath(run.directory, request.nonce), text, { mode: 0o600 }).catch(() => undefined);
  return answer.exit;
}

async function attempt(
  workshop: Workshop,
  request: WorkRequest,
  signals: WorkSignals,
  store: StorePaths,
  run: RunPaths,
): Promise<WorkAnswer> {
  const { host } = workshop;
  try {
    const startTime = (await host.commands.startTimeOf(host.identity.pid)) ?? '';
    const holder = {
      pid: host.identity.pid,
      startTime,
      since: host.clock.now().toISOString(),
      who: request.by,
      command: request.command,
    };
    await using _lock = await host.lock.acquire(store.lock, holder);
    return await locked(workshop, request, signals, store, run);
  } catch (error) {
    if (error instanceof RefitError) {
      const { code, message, hint } = error;
      return { exit: exitOf(error), error: hint === undefined ? { code, message } : { code, message, hint } };
    }
    throw error;
  }
}

async function locked(
  workshop: Workshop,
  request: WorkRequest,
  signals: WorkSignals,
  store: StorePaths,
  run: RunPaths,
): Promise<WorkAnswer> {
  const { host } = workshop;
  await requireOurTurn(workshop, request, store);
  const journal = await openJournal(journalFile(host.files, run), () => host.clock.now());
  const events = await openEvents(host, run);
  events.write({ type: 'worker.start', pid: host.identity.pid, by: request.by });
  const begun = await begin(journal, request, events);
  const boot = await bootToken(host, store.root);
  const facts = factsOf(begun.plan);
  const rooms = roomsOf(workshop, facts.profile, facts.installation);
  const world = makeWorld({ rooms, facts, store, run, id: request.run, boot, journal, events });
  let outcome: DriveOutcome | 'unwritable';
  try {
    outcome = await drive(
      { world, steps: STEPS, journal, boot },
      {
        until: request.until,
        ...signals,
        onRecord: (record, state) => {
          const event = eventOf(record, state);
          if (event !== undefined) events.write(event);
        },
      },
    );
  } catch (error) {
    if (!(error instanceof JournalUnwritable)) throw error;
    outcome = 'unwritable';
  }
  await events.flush();
  const state = replay(journal.records);
  if (state === undefined) throw new Error('internal: a driven run has a journal');
  return finish(workshop, request, store, run, state, outcome);
}

/** Under the lock: a run that is open is the only one that may go on. */
async function requireOurTurn({ host }: Workshop, request: WorkRequest, store: StorePaths): Promise<void> {
  const open = await openRun(host.files, store);
  if (request.plan === undefined) {
    if (open?.id !== request.run) throw noOpenRun(request.installation);
    return;
  }
  if (open === undefined) return;
  const { from, to } = open.state.plan;
  throw new RefitError('E_RUN_OPEN', `Cannot begin: the run ${open.id} (${from} to ${to}) is not finished`, {
    hint: 'refit resume finishes it, refit rollback goes back',
  });
}

async function begin(journal: Journal, request: WorkRequest, events: EventLog): Promise<RunState> {
  if (request.plan !== undefined && journal.records.length === 0) {
    await journal.append({ type: 'run.begin', run: request.run, by: request.by, plan: request.plan });
    const { installation, from, to, hops } = request.plan;
    const steps = hops.reduce((sum, hop) => sum + hop.steps.length, 0);
    events.write({ type: 'run.begin', installation, from, to, steps });
  }
  if (request.turn) {
    await journal.append({ type: 'run.turn', reason: 'operator' });
    events.write({ type: 'run.turn', reason: 'operator' });
  }
  const state = replay(journal.records);
  if (state === undefined) throw noOpenRun(request.installation);
  return state;
}

async function finish(
  workshop: Workshop,
  request: WorkRequest,
  store: StorePaths,
  run: RunPaths,
  state: RunState,
  outcome: DriveOutcome | 'unwritable',
): Promise<WorkAnswer> {
  const { host } = workshop;
  if (outcome === 'unwritable') {
    const touched = isTouched(state);
    const error = {
      code: 'E_NO_SPACE',
      message: `Cannot write ${run.journal}; nothing more was changed`,
      hint: `Make room on its file system, then ${touched ? 'refit resume' : 'type the command again'}`,
    };
    return { exit: touched ? EXIT.mixed : EXIT.refused, error };
  }
  // The token is kept only for whoever must undo what was set with it.
  if (state.ended !== undefined) await host.files.remove(run.token);
  await writeState(workshop, store, request.installation);
  const standing = standingOf(state);
  if (state.ended !== undefined) await logOutcome(host, request, state, standing);
  const asked = state.paused === 'asked' && request.until !== undefined;
  return { exit: asked ? EXIT.ok : standing.exit };
}
