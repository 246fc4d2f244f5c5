import { RefitError } from '../errors.ts';
import { type Action, type Asked, CRASH_LIMIT, decide } from './decide.ts';
import type { Journal } from './journal.ts';
import type { Json } from './json.ts';
import type { Failure, JournalRecord, Outcome } from './record.ts';
import { apply, type RunState, replay, stepOf } from './replay.ts';
import { Interrupted, type Step, Undecided } from './step.ts';

export interface Crew<World> {
  /** What the steps of that hop work on. */
  worldOf(hop: number): World;
  readonly steps: ReadonlyMap<string, Step<World>>;
  readonly journal: Journal;
  /** Random, kept where no boot survives it. */
  readonly boot: string;
}

export interface Controls {
  /** Stop after this stage. */
  readonly until?: string | undefined;
  /** Fires when a person asks for a pause: between steps, or inside one that can stop safely sooner. */
  readonly pause: AbortSignal;
  /** Fires when the manager is stopping: at once, anywhere. */
  readonly shutdown: AbortSignal;
  /** Does what must be done by the time the end is on record: a worker killed in it finds the run open. Must not reject. */
  readonly beforeEnd?: (outcome: Outcome, state: RunState) => Promise<void>;
  /** Told of every record once it is durable, and of the step about to be worked on. */
  readonly onRecord?: (record: JournalRecord, state: RunState) => void;
}

export type DriveOutcome = Outcome | 'mixed' | 'paused';

/** Run to an end, starting from wherever the journal says we are. Resuming is calling this again. */
export async function drive<World>(crew: Crew<World>, controls: Controls): Promise<DriveOutcome> {
  const started = replay(crew.journal.records);
  if (started === undefined) throw new Error('internal: drive needs a begun run');
  let state: RunState = started;

  const note = async (record: JournalRecord): Promise<void> => {
    await crew.journal.append(record); // durable before we act on it
    state = apply(state, record);
    controls.onRecord?.(record, state);
  };
  const turn = async (step: number, failure: Failure): Promise<void> => {
    await note({ type: 'step.fail', step, failure });
    await note({ type: 'run.turn', reason: 'failure' });
  };
  const work = (step: number): Work<World> => lookUp(crew, state, step);

  await recheck(crew, state, turn);

  for (;;) {
    const action = decide(state, asked(crew.boot, controls));
    switch (action.type) {
      case 'stop':
        return action.outcome;
      case 'pause':
        await note({ type: 'run.pause', reason: action.reason });
        return 'paused';
      case 'end':
        await controls.beforeEnd?.(action.outcome, state);
        await note({ type: 'run.end', outcome: action.outcome });
        break;
      case 'commit':
        await note({ type: 'hop.commit', hop: action.hop });
        break;
      case 'give-up':
        await giveUp(state, action, note, turn);
        break;

      case 'prepare': {
        const { step, world, input } = work(action.step);
        const undo = await attempt(() => step.prepare(world, input, stopFor(state, action.step, controls)));
        if (undo.type === 'failure') await turn(action.step, undo.failure);
        else if (undo.type === 'value') {
          await note({ type: 'step.begin', step: action.step, undo: undo.value, boot: crew.boot });
          if (await change(action.step)) return 'paused';
        }
        break;
      }

      case 'change':
        await note({ type: 'try', step: action.step, phase: 'change', boot: crew.boot });
        if (await change(action.step)) return 'paused';
        break;

      case 'revert': {
        const { step, world, input, undo } = work(action.step);
        await note({ type: 'try', step: action.step, phase: 'revert', boot: crew.boot });
        const done = await attempt(async () => (await step.revert(world, input, undo, controls.shutdown)) ?? null);
        if (done.type === 'value') {
          const output = done.value === null ? {} : { output: done.value };
          await note({ type: 'undo.end', step: action.step, ...output });
        }
        // A failed revert stops the run: later undos may rely on this one (law 5).
        if (done.type === 'failure') await note({ type: 'undo.fail', step: action.step, failure: done.failure });
        break;
      }

      case 'discard': {
        const { step, world, input, undo } = work(action.step);
        if (step.discard !== undefined)
          await note({ type: 'try', step: action.step, phase: 'discard', boot: crew.boot });
        const done = await attempt(async () => step.discard?.(world, input, undo, anyStop(controls)));
        if (done.type === 'value') await note({ type: 'discard.end', step: action.step });
        if (done.type === 'failure') await note({ type: 'discard.fail', step: action.step, failure: done.failure });
        break;
      }
    }
  }

  /** Returns whether the step asked for a pause, which leaves it begun: it is called again when the run goes on. */
  async function change(index: number): Promise<boolean> {
    const { step, world, input, undo } = work(index);
    const output = await attempt(() => step.change(world, input, undo, stopFor(state, index, controls)));
    if (output.type === 'value') await note({ type: 'step.end', step: index, output: output.value });
    if (output.type !== 'failure') return false;
    const { failure, undecided } = output;
    // A manager that is stopping takes down what is outside too: that is the pause, and nothing is judged (law 7).
    if (undecided !== undefined && controls.shutdown.aborted) return false;
    // In the window there is no pause: the service is down, and the run finishes or turns back (law 7).
    if (undecided === undefined || state.places[index]?.step.window === true) {
      await turn(index, failure);
      return false;
    }
    await note({ type: 'run.pause', reason: undecided.reason, step: index, failure, saw: undecided.saw });
    return true;
  }
}

interface Work<World> {
  readonly step: Step<World>;
  readonly world: World;
  readonly input: Json;
  readonly undo: Json;
}

type Attempt<T> =
  | { readonly type: 'value'; readonly value: T }
  | { readonly type: 'failure'; readonly failure: Failure; readonly undecided: Undecided | undefined }
  | { readonly type: 'interrupted' };

/** A RefitError is an outcome and goes in the journal. Anything else is a bug and stops us where we stand (law 8). */
async function attempt<T>(act: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { type: 'value', value: await act() };
  } catch (error) {
    // The signal that caused it is still raised, so the next decision is the pause.
    if (error instanceof Interrupted) return { type: 'interrupted' };
    if (error instanceof RefitError) {
      return { type: 'failure', failure: failureOf(error), undecided: error instanceof Undecided ? error : undefined };
    }
    throw error;
  }
}

function failureOf({ code, message, hint }: RefitError): Failure {
  return hint === undefined ? { code, message } : { code, message, hint };
}

function asked(boot: string, { pause, shutdown, until }: Controls): Asked {
  return { boot, until, pause: shutdown.aborted ? 'shutdown' : pause.aborted ? 'signal' : undefined };
}

/** Outside the window a step may stop early for a person; inside it only for a manager that is stopping (law 7). */
function stopFor(state: RunState, index: number, { pause, shutdown }: Controls): AbortSignal {
  return state.places[index]?.step.window === true ? shutdown : anyStop({ pause, shutdown });
}

function anyStop({ pause, shutdown }: Pick<Controls, 'pause' | 'shutdown'>): AbortSignal {
  return AbortSignal.any([shutdown, pause]);
}

function lookUp<World>(crew: Crew<World>, state: RunState, index: number): Work<World> {
  const place = state.places[index];
  if (place === undefined) throw new Error(`internal: no planned step ${index}`);
  const { hop, step: planned } = place;
  const step = crew.steps.get(planned.kind);
  if (step === undefined) {
    throw new RefitError('E_PLAN_MISMATCH', `Cannot continue this run: step kind "${planned.kind}" is unknown here`, {
      hint: 'Continue with the refit version that began the run: refit history',
    });
  }
  return { step, world: crew.worldOf(hop), input: planned.input, undo: stepOf(state, index).undo };
}

/** Re-verifies the world instead of trusting the last record (law 9). */
async function recheck<World>(
  crew: Crew<World>,
  state: RunState,
  turn: (step: number, failure: Failure) => Promise<void>,
): Promise<void> {
  if (state.heading === 'back' || state.ended !== undefined) return;
  for (const { index } of state.places) {
    const { status, output } = stepOf(state, index);
    if (status !== 'done') continue;
    const { step, world, input, undo } = lookUp(crew, state, index);
    const stands = await attempt(async () => step.recheck?.(world, input, undo, output));
    if (stands.type === 'failure') return turn(index, stands.failure);
  }
}

async function giveUp(
  state: RunState,
  { step, phase }: Extract<Action, { type: 'give-up' }>,
  note: (record: JournalRecord) => Promise<void>,
  turn: (step: number, failure: Failure) => Promise<void>,
): Promise<void> {
  const what = phase === 'change' ? 'finish' : phase === 'revert' ? 'undo' : 'tidy up after';
  const failure: Failure = {
    code: 'E_STEP_CRASHED',
    message: `Cannot ${what} "${state.places[step]?.step.title}": saw refit die ${CRASH_LIMIT} times in it`,
  };
  if (phase === 'change') await turn(step, failure);
  else await note({ type: phase === 'revert' ? 'undo.fail' : 'discard.fail', step, failure });
}
