import type { Json } from './json.ts';
import { type Place, type Plan, placesOf } from './plan.ts';
import type { Failure, JournalRecord, Outcome, PauseReason, Phase, StepPause, TurnReason } from './record.ts';

/**
 * A step's life, as the journal tells it:
 *
 *     pending ── step.begin ──▶ begun ── step.end ──▶ done ── hop.commit ──▶ kept ── discard.end|fail ──▶ discarded
 *                                 │                    │
 *                                 └───── run.turn ─────┴── undo.end ──▶ undone
 *
 * `stuck` marks a begun or done step whose revert failed; a `run.turn` by the operator clears it for another try.
 */
export type StepStatus = 'pending' | 'begun' | 'done' | 'kept' | 'discarded' | 'undone';

export interface StepState {
  readonly status: StepStatus;
  readonly undo: Json;
  readonly output: Json;
  /** What its revert returned. */
  readonly reverted: Json;
  readonly stuck: boolean;
  /** Tries of the present phase that no record has closed, in one boot. */
  readonly tries: { readonly phase: Phase; readonly boot: string; readonly count: number } | undefined;
}

export interface RunState {
  readonly run: string;
  readonly by: string;
  readonly plan: Plan;
  readonly places: readonly Place[];
  readonly steps: readonly StepState[];
  readonly heading: 'forward' | 'back';
  /** Who first asked for the way back. */
  readonly turnedBy: TurnReason | undefined;
  readonly committedHops: number;
  readonly failures: readonly { readonly step: number; readonly failure: Failure }[];
  readonly warnings: readonly { readonly step: number; readonly failure: Failure }[];
  readonly undoFailures: readonly { readonly step: number; readonly failure: Failure }[];
  /** Set while the last record is a pause. */
  readonly paused: PauseReason | undefined;
  /** Every pause that a step asked for, the latest last: whether the run stands in it is `paused`. */
  readonly stepPauses: readonly StepPause[];
  readonly ended: Outcome | undefined;
}

/** Fold the journal into the state it describes. The only reader of journal semantics. Undefined for an empty journal. */
export function replay(records: Iterable<JournalRecord>): RunState | undefined {
  let state: RunState | undefined;
  for (const record of records) state = apply(state, record);
  return state;
}

const PENDING: StepState = {
  status: 'pending',
  undo: null,
  output: null,
  reverted: null,
  stuck: false,
  tries: undefined,
};

export function apply(before: RunState | undefined, record: JournalRecord): RunState {
  if (record.type === 'run.begin') {
    if (before !== undefined) throw new Error('internal: a journal has one run.begin');
    return begin(record);
  }
  if (before === undefined) throw new Error(`internal: ${record.type} before run.begin`);
  const state = { ...before, paused: undefined };
  switch (record.type) {
    case 'step.begin':
      return withStep(state, record.step, { status: 'begun', undo: record.undo, tries: tried(record.boot, 'change') });
    case 'try': {
      const { tries } = stepOf(state, record.step);
      return withStep(state, record.step, { tries: tried(record.boot, record.phase, tries) });
    }
    case 'step.end':
      return withStep(state, record.step, { status: 'done', output: record.output, tries: undefined });
    case 'step.fail':
      return { ...withStep(state, record.step, { tries: undefined }), failures: [...state.failures, record] };
    case 'run.turn':
      return {
        ...state,
        heading: 'back',
        turnedBy: state.turnedBy ?? record.reason,
        steps: state.steps.map((step) => ({ ...step, stuck: false, tries: undefined })),
      };
    case 'undo.end': {
      const { output: reverted = null } = record;
      return withStep(state, record.step, { status: 'undone', reverted, stuck: false, tries: undefined });
    }
    case 'undo.fail': {
      const stuck = withStep(state, record.step, { stuck: true, tries: undefined });
      return { ...stuck, undoFailures: [...state.undoFailures, record] };
    }
    case 'hop.commit':
      return commit(state, record.hop);
    case 'discard.end':
      return withStep(state, record.step, { status: 'discarded', tries: undefined });
    case 'discard.fail': {
      const discarded = withStep(state, record.step, { status: 'discarded', tries: undefined });
      return { ...discarded, warnings: [...state.warnings, record] };
    }
    case 'run.pause':
      // A pause is a clean stop: what was being tried did not crash.
      return {
        ...state,
        paused: record.reason,
        stepPauses: 'step' in record ? [...state.stepPauses, record] : state.stepPauses,
        steps: state.steps.map((step) => ({ ...step, tries: undefined })),
      };
    case 'run.end':
      return { ...state, ended: record.outcome };
  }
}

function begin(record: Extract<JournalRecord, { type: 'run.begin' }>): RunState {
  const places = placesOf(record.plan);
  return {
    run: record.run,
    by: record.by,
    plan: record.plan,
    places,
    steps: places.map(() => PENDING),
    heading: 'forward',
    turnedBy: undefined,
    committedHops: 0,
    failures: [],
    warnings: [],
    undoFailures: [],
    paused: undefined,
    stepPauses: [],
    ended: undefined,
  };
}

function commit(state: RunState, hop: number): RunState {
  const steps = state.steps.map((step, i) => {
    const mine = state.places[i]?.hop === hop;
    return mine ? { ...step, status: 'kept' as const, tries: undefined } : step;
  });
  return { ...state, steps, committedHops: hop + 1 };
}

function tried(boot: string, phase: Phase, before?: StepState['tries']): StepState['tries'] {
  const same = before !== undefined && before.boot === boot && before.phase === phase;
  return { phase, boot, count: same ? before.count + 1 : 1 };
}

export function stepOf(state: RunState, index: number): StepState {
  const step = state.steps[index];
  if (step === undefined) throw new Error(`internal: no step ${index}`);
  return step;
}

function withStep(state: RunState, index: number, change: Partial<StepState>): RunState {
  return { ...state, steps: state.steps.with(index, { ...stepOf(state, index), ...change }) };
}
