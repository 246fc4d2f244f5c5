import { CRASH_LIMIT } from '../../src/engine/decide.ts';
import type { Controls, Crew, DriveOutcome } from '../../src/engine/drive.ts';
import type { Journal } from '../../src/engine/journal.ts';
import { type Plan, type PlannedStep, placesOf } from '../../src/engine/plan.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import type { RunState } from '../../src/engine/replay.ts';
import { Interrupted, type Step, Undecided } from '../../src/engine/step.ts';
import { type ErrorCode, RefitError } from '../../src/errors.ts';

/** kill -9. Deliberately not a RefitError: nothing may catch it. */
export class Killed extends Error {}

/**
 * What goes wrong at the n-th point where something could. `reset` is a kill of the whole host: another boot. `undecided`: a
 * step asks for a person.
 */
export type Fault = 'none' | 'kill' | 'reset' | 'fail' | 'undecided' | 'pause' | 'shutdown';

export interface Engine {
  drive(crew: Crew<Machine>, controls: Controls): Promise<DriveOutcome>;
  replay(records: Iterable<JournalRecord>): RunState | undefined;
}

/** `ahead`: how many of the first steps of each hop are done before any hop begins. */
export function planOf(hops: readonly number[], window: readonly boolean[], ahead: readonly number[] = []): Plan {
  let n = 0;
  const steps = (count: number, before: number): PlannedStep[] =>
    Array.from({ length: count }, (_, i) => {
      const cell = n++;
      return {
        kind: 'cell',
        stage: i === 0 ? 'early' : 'late',
        title: `Set cell ${cell}`,
        input: cell,
        window: i >= before && (window[cell] ?? false),
        touches: true,
        ...(i < before ? { ahead: true } : {}),
      };
    });
  return {
    format: 1,
    purpose: 'upgrade',
    product: 'p',
    installation: 'p',
    from: 'v0',
    to: `v${hops.length}`,
    stages: ['early', 'late'],
    facts: null,
    hops: hops.map((count, i) => ({ from: `v${i}`, to: `v${i + 1}`, steps: steps(count, ahead[i] ?? 0) })),
  };
}

/** A machine of cells that a plan turns from old to new one by one, with a disk that survives kills. */
export class Machine {
  readonly cells: ('old' | 'new')[];
  readonly disk: JournalRecord[] = [];
  readonly log: string[] = [];
  readonly violations: string[] = [];
  readonly plan: Plan;
  boot = 'boot-0';
  pause = new AbortController();
  shutdown = new AbortController();
  kills = 0;
  #faults: Fault[];
  #revertsFail: boolean;

  constructor(plan: Plan, faults: readonly Fault[], revertsFail = false) {
    this.plan = plan;
    this.cells = plan.hops.flatMap((hop) => hop.steps.map(() => 'old' as const));
    this.#faults = [...faults];
    this.#revertsFail = revertsFail;
  }

  /** A named instant. Kills and failures happen here and nowhere else. */
  point(name: string, mayFail: boolean): void {
    const fault = this.#faults.shift() ?? 'none';
    if (fault === 'pause') this.pause.abort(new Interrupted('signal'));
    if (fault === 'shutdown') this.shutdown.abort(new Interrupted('shutdown'));
    if (fault === 'kill' || fault === 'reset') {
      this.kills++;
      if (fault === 'reset') this.boot = `boot-${this.kills}`;
      throw new Killed(name);
    }
    if (fault === 'fail' && mayFail) throw fail(name);
    if (fault === 'undecided' && mayFail) throw new Undecided('external', 'E_HEALTH_EXTERNAL', name, { saw: name });
  }

  get journal(): Journal {
    return {
      records: [...this.disk],
      append: async (record) => {
        this.point('before append', false);
        this.disk.push(record);
        this.point('after append', false);
      },
    };
  }

  /** What the journal says each step is for: the index of one is its turn, not its cell. */
  #cellOf(step: number): number {
    return Number(placesOf(this.plan)[step]?.step.input);
  }

  get steps(): ReadonlyMap<string, Step<Machine>> {
    const cell: Step<Machine> = {
      prepare: async (m, i) => {
        m.point('prepare', true);
        return m.cells[Number(i)] ?? null;
      },
      change: async (m, i, _undo, stop) => {
        m.point('before change', true);
        const begun = m.disk.some((r) => r.type === 'step.begin' && m.#cellOf(r.step) === i);
        if (!begun) m.violations.push(`law 1: change of ${i} before its step.begin`);
        stop.throwIfAborted();
        m.cells[Number(i)] = 'new';
        m.log.push(`do ${i}`);
        m.point('after change', true);
        return null;
      },
      revert: async (m, i, undo) => {
        m.point('before revert', this.#revertsFail);
        m.cells[Number(i)] = undo === 'new' ? 'new' : 'old';
        m.log.push(`undo ${i}`);
        m.point('after revert', this.#revertsFail);
      },
      discard: async (m, i) => {
        m.point('before discard', true);
        m.log.push(`discard ${i}`);
      },
    };
    return new Map([['cell', cell]]);
  }

  /** One life of a worker: drive until an end, a pause or a kill. */
  async live(engine: Engine): Promise<DriveOutcome | 'killed'> {
    this.pause = new AbortController();
    this.shutdown = new AbortController();
    try {
      return await engine.drive(
        { worldOf: () => this, steps: this.steps, journal: this.journal, boot: this.boot },
        { pause: this.pause.signal, shutdown: this.shutdown.signal },
      );
    } catch (error) {
      if (error instanceof Killed) return 'killed';
      throw error;
    }
  }
}

function fail(name: string, code: ErrorCode = 'E_COMMAND_FAILED'): RefitError {
  return new RefitError(code, name);
}

/** The invariants of a finished run, as sentences; empty when all hold. */
export function judge(m: Machine, engine: Engine): readonly string[] {
  const state = engine.replay(m.disk);
  const wrong = [...m.violations];
  if (state?.ended === undefined) return [...wrong, 'law 6: the run did not end'];
  const sizes = m.plan.hops.map((hop) => hop.steps.length);
  const committedCells = sizes.slice(0, state.committedHops).reduce((a, b) => a + b, 0);
  const expected = m.cells.map((_, i) => (i < committedCells ? 'new' : 'old'));
  if (m.cells.join() !== expected.join()) wrong.push(`${state.ended}, but the cells are ${m.cells.join()}`);
  const outcome = state.committedHops === sizes.length ? 'committed' : state.committedHops > 0 ? 'partial' : 'restored';
  if (state.ended !== outcome) wrong.push(`ended ${state.ended} after ${state.committedHops} of ${sizes.length} hops`);

  const begins = m.disk.filter((r) => r.type === 'step.begin').map((r) => r.step);
  if (new Set(begins).size !== begins.length) wrong.push('law 2: undo data written twice');
  wrong.push(
    ...outOfTurn(
      m,
      begins.map((step) => Number(state.places[step]?.step.input)),
    ),
  );

  const inWindow = (step: number): boolean => state.places[step]?.step.window === true;
  if (state.stepPauses.some(({ step }) => inWindow(step))) wrong.push('law 7: paused for a step in the window');
  const blamed = state.failures.filter(
    ({ step, failure }) =>
      /^E_HEALTH_EXTERNAL:.* change$/.test(`${failure.code}:${failure.message}`) && !inWindow(step),
  );
  if (blamed.length > 0) wrong.push('law 7: turned back for what a step could not decide');

  const turned = m.disk.findIndex((r) => r.type === 'run.turn');
  const after = turned === -1 ? [] : m.disk.slice(turned);
  if (after.some((r) => r.type === 'step.begin' || r.type === 'step.end'))
    wrong.push('law 3: went on after turning back');

  const gaveUp = state.failures.filter(({ failure }) => failure.code === 'E_STEP_CRASHED');
  if (gaveUp.length > 0 && m.kills < CRASH_LIMIT) wrong.push('law 13: given up without so many crashes');
  return wrong;
}

/** What was done before its turn, undone before its turn, or undone after it was committed. `begun`: cells, as they began. */
function outOfTurn(m: Machine, begun: readonly number[]): readonly string[] {
  const wrong: string[] = [];
  const cells = m.plan.hops.flatMap(({ steps }, hop) => steps.map(({ ahead }) => ({ hop, ahead: ahead === true })));
  const firstOther = begun.findIndex((cell) => cells[cell]?.ahead === false);
  const before = firstOther === -1 ? begun : begun.slice(0, firstOther);
  const late = cells.some(({ ahead }, cell) => ahead && !before.includes(cell));
  if (firstOther !== -1 && late) wrong.push('a hop began before all that is ahead of it');
  const hops = begun.slice(before.length).map((cell) => cells[cell]?.hop ?? 0);
  if (hops.some((hop, i) => hop < (hops[i - 1] ?? 0))) wrong.push('a hop began before the one that leads to it');

  const committed = m.disk.flatMap((r) => (r.type === 'hop.commit' ? [r.hop] : []));
  const undos = m.log.filter((line) => line.startsWith('undo')).map((line) => Number(line.slice(5)));
  const turns = undos.map((cell) => begun.indexOf(cell));
  if (turns.some((turn, i) => turn > (turns[i - 1] ?? Number.POSITIVE_INFINITY)))
    wrong.push(`law 4: undone out of order: ${undos}`);
  if (undos.some((cell) => committed.includes(cells[cell]?.hop ?? 0))) wrong.push('law 4: undone past a hop commit');
  const firstUndo = m.log.findIndex((line) => line.startsWith('undo'));
  if (firstUndo !== -1 && m.log.slice(firstUndo).some((line) => line.startsWith('do ')))
    wrong.push('law 4: changed after a revert');
  return wrong;
}
