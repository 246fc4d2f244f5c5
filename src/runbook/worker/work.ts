import { type Controls, drive } from '../../engine/drive.ts';
import { type Journal, openJournal } from '../../engine/journal.ts';
import { type RunState, replay } from '../../engine/replay.ts';
import { standingOf } from '../../engine/standing.ts';
import { EXIT, exitOf, RefitError } from '../../errors.ts';
import { goesBackToStart } from '../all-or-nothing.ts';
import { type Facts, factsOf, NOT_INSTALLED } from '../facts.ts';
import { roomsOf } from '../find.ts';
import { dismissGuard } from '../guarded.ts';
import { presentHop } from '../hops.ts';
import { ignoring } from '../ignoring.ts';
import { STEPS } from '../steps/registry.ts';
import { journalFile } from '../store/journal-file.ts';
import { type RunPaths, runPaths, type StorePaths, storePaths } from '../store/paths.ts';
import { clearRehearsals } from '../store/rehearsals.ts';
import { lastRun, noOpenRun, readRun, runIsOpen } from '../store/runs.ts';
import { writeState } from '../store/state.ts';
import { takeLock } from '../store/take-lock.ts';
import { tidyRuns } from '../store/tidy.ts';
import { newUlid } from '../store/ulid.ts';
import { versionOf } from '../version-of.ts';
import { requireWayBack } from '../way-back.ts';
import type { Workshop } from '../workshop.ts';
import type { World } from '../world.ts';
import { openBackToStart } from './back-to-start.ts';
import { bootToken } from './boot.ts';
import { cutShort, wordsOf } from './cut-short.ts';
import { type EventLog, eventOf, openEvents } from './events.ts';
import { logOutcome } from './log-outcome.ts';
import { makeWorld } from './make-world.ts';
import { answerPath, requestPath, type WorkAnswer, type WorkRequest, waivedFor } from './request.ts';

export interface WorkSignals {
  readonly pause: AbortSignal;
  readonly shutdown: AbortSignal;
}

/** One worker's share of a run: what it was told, and where that run lies. */
interface Shift {
  readonly workshop: Workshop;
  readonly request: WorkRequest;
  readonly signals: WorkSignals;
  readonly store: StorePaths;
  readonly run: RunPaths;
}

/** One worker's life: take the lock, begin or continue the run, drive it, say how it ended. Resolves with the exit status. */
export async function work(workshop: Workshop, request: WorkRequest, signals: WorkSignals): Promise<number> {
  const { files } = workshop.host;
  const store = storePaths(request.stateDirectory, request.installation);
  const run = runPaths(store, request.run);
  // It holds credentials for proxies and the source; nobody reads it again.
  await ignoring(() => files.remove(requestPath(run.directory, request.nonce)));
  const { exit, follows } = await attempt({ workshop, request, signals, store, run });
  if (follows === undefined) return exit;
  const failed = await readRun(files, store, request.run);
  const plan = failed === undefined ? undefined : await orLater(openBackToStart(workshop.host, store, failed, follows));
  if (plan === undefined) return exit;
  const { until: _until, waived: _waived, ...rest } = request;
  const next = { ...rest, run: follows, turn: false, plan };
  return (await attempt({ workshop, request: next, signals, store, run: runPaths(store, follows) })).exit;
}

/** A full disk may keep it from beginning now; its guard tries again, and so does whoever types resume. */
async function orLater<T>(begun: Promise<T>): Promise<T | undefined> {
  try {
    return await begun;
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}

async function attempt(shift: Shift): Promise<WorkAnswer> {
  const { request, store, run } = shift;
  const { host } = shift.workshop;
  const tell = async (answer: WorkAnswer): Promise<WorkAnswer> => {
    const text = `${JSON.stringify(answer)}\n`;
    const path = answerPath(run.directory, request.nonce);
    await ignoring(() => host.files.writeAtomic(path, text, { mode: 0o600 }));
    return answer;
  };
  const refused = async (error: unknown): Promise<WorkAnswer> => {
    if (!(error instanceof RefitError)) throw error;
    // As in `locked`.
    if (request.plan !== undefined) await ignoring(() => host.files.remove(run.token));
    return tell({ exit: exitOf(error), error: wordsOf(error) });
  };
  try {
    const lock = await takeLock(host, store, { who: request.by, command: request.command });
    try {
      // While it is held: a viewer that finds it free and no answer takes this worker for dead.
      return await locked(shift).then(tell, refused);
    } finally {
      // The kernel frees it when we end; what the run came to is not lost over that.
      await ignoring(() => lock[Symbol.asyncDispose]());
    }
  } catch (error) {
    return refused(error);
  }
}

async function locked(shift: Shift): Promise<WorkAnswer> {
  const { workshop, request, signals, store, run } = shift;
  const { host } = workshop;
  const open = await requireOurTurn(shift);
  let journal: Journal | undefined;
  try {
    journal = await openJournal(journalFile(host.files, run), () => host.clock.now());
    const events = await openEvents(host, run);
    events.write({ type: 'worker.start', pid: host.identity.pid, by: request.by });
    const begun = await begin(journal, request, events);
    // Not before: whoever has to begin a way back anew needs the token that lies with the run before.
    await tidyRuns(host, store, request.run);
    await ignoring(() => writeState(workshop, store, request.installation));
    const boot = await bootToken(host, store.root);
    const facts = factsOf(begun.plan);
    const rooms = roomsOf(workshop, facts.profile, facts.installation);
    await ignoring(() => clearRehearsals(host, rooms.sandbox, store));
    const waivedBy = waivedFor(request, begun);
    const parts = { rooms, plan: begun.plan, store, run, id: request.run, boot, journal, events, waivedBy };
    const worlds = begun.plan.hops.map((_, hop) => makeWorld({ ...parts, hop }));
    const worldOf = (hop: number): World => {
      const world = worlds[hop];
      if (world === undefined) throw new Error(`internal: no hop ${hop}`);
      return world;
    };
    try {
      const onRecord: Controls['onRecord'] = (record, state) => {
        const event = eventOf(record, state);
        if (event !== undefined) events.write(event);
      };
      // Whoever is killed after the end is missed by nobody: by then no secret may lie there any more.
      const beforeEnd: Controls['beforeEnd'] = async (outcome, state) => {
        if (!goesBackToStart({ ...state, ended: outcome })) await ignoring(() => host.files.remove(run.token));
      };
      await drive({ worldOf, steps: STEPS, journal, boot }, { until: request.until, ...signals, onRecord, beforeEnd });
    } finally {
      // While it lives, this process does.
      for (const { probing } of worlds) await probing.current?.dismiss();
      await events.flush();
    }
    return await finish(shift, replay(journal.records) ?? begun);
  } catch (error) {
    const state = replay(journal?.records ?? []) ?? open;
    // Not even begun: a token that came with it has nothing to undo.
    if (state === undefined) await ignoring(() => host.files.remove(run.token));
    return cutShort(error, state);
  }
}

/** Under the lock: a run that is open is the only one that may go on. Returns it as it stands. */
async function requireOurTurn({ workshop, request, store }: Shift): Promise<RunState | undefined> {
  const { files } = workshop.host;
  const last = await lastRun(files, store);
  const open = last?.state.ended === undefined ? last : undefined;
  if (request.plan === undefined) {
    if (open?.id !== request.run) throw noOpenRun(request.installation);
    return open.state;
  }
  if (open !== undefined) throw runIsOpen(open);
  if (last !== undefined && last.id > request.run) throw changedSince(`the run ${last.id}`, 'none');
  await requireAsPlanned(workshop, factsOf(request.plan));
  return undefined;
}

/** Somebody else may have upgraded while the question was open: this run's copies would bear the wrong version. */
async function requireAsPlanned({ host }: Workshop, { profile, installation }: Facts): Promise<void> {
  if (installation.version === NOT_INSTALLED) return;
  const now = await versionOf(host.commands, profile, installation.binary);
  const saw = now?.version ?? 'no version';
  if (saw !== installation.version) throw changedSince(`${saw} installed`, installation.version);
}

function changedSince(saw: string, expected: string): RefitError {
  return new RefitError('E_WORLD_CHANGED', `Cannot begin: saw ${saw} since this was planned, expected ${expected}`, {
    hint: 'Type the command again: it plans anew',
  });
}

async function begin(journal: Journal, request: WorkRequest, events: EventLog): Promise<RunState> {
  if (request.plan !== undefined && journal.records.length === 0) {
    await journal.append({ type: 'run.begin', run: request.run, by: request.by, plan: request.plan });
    const { installation, from, to, hops } = request.plan;
    const steps = hops.reduce((sum, hop) => sum + hop.steps.length, 0);
    events.write({ type: 'run.begin', installation, from, to, steps });
  }
  const state = replay(journal.records);
  if (state === undefined) throw noOpenRun(request.installation);
  // After the commit there is nothing to turn: the run is finished, and the person told.
  if (request.turn === false || state.committedHops === state.plan.hops.length) return state;
  if (state.heading === 'forward') requireWayBack(presentHop(state));
  const reason = request.turn === 'deadline' ? 'deadline' : 'operator';
  await journal.append({ type: 'run.turn', reason });
  events.write({ type: 'run.turn', reason });
  return replay(journal.records) ?? state;
}

async function finish({ workshop, request, store, run }: Shift, state: RunState): Promise<WorkAnswer> {
  const { host } = workshop;
  const standing = standingOf(state);
  const isOver = state.ended !== undefined;
  const goesBack = goesBackToStart(state);
  // The run has its end, and that is in the journal; what follows is for people and cannot change it.
  if (isOver) {
    // The token is kept only for whoever must undo what was set with it.
    if (!goesBack) await ignoring(() => host.files.remove(run.token));
    // Of the run it came from: `tidyRuns` was the first try.
    const { undoes } = state.plan;
    if (undoes !== undefined) await ignoring(() => host.files.remove(runPaths(store, undoes).token));
    await ignoring(() => logOutcome(host, request, state, standing));
  }
  await ignoring(() => writeState(workshop, store, request.installation));
  // The guard stays: it misses whoever is killed before the next run has begun, or finds no room for that now.
  if (goesBack) return { exit: standing.exit, follows: newUlid(host.clock, request.run) };
  // Last: whoever is killed before this is missed by the guard, which does what was left.
  if (isOver) await ignoring(() => dismissGuard(workshop, state));
  if (request.turn !== false && standing.name === 'committed')
    return { exit: EXIT.refused, error: wordsOf(tooLate(state)) };
  const asked = state.paused === 'asked' && request.until !== undefined;
  return { exit: asked ? EXIT.ok : standing.exit };
}

function tooLate({ run, plan }: RunState): RefitError {
  return new RefitError('E_NOTHING_TO_ROLL_BACK', `Cannot undo the run ${run}: it had committed ${plan.to} already`, {
    hint: `refit rollback again goes back to ${plan.from} by a run of its own`,
  });
}
