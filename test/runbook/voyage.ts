import { onTestFinished } from 'vitest';
import type { Json } from '../../src/engine/json.ts';
import type { Plan } from '../../src/engine/plan.ts';
import { placesOf } from '../../src/engine/plan.ts';
import type { JournalRecord } from '../../src/engine/record.ts';
import type { Step } from '../../src/engine/step.ts';
import { type Effects, plainEffects } from '../../src/host/effects.ts';
import { compile } from '../../src/runbook/compile.ts';
import { type Facts, factsOf } from '../../src/runbook/facts.ts';
import { roomsOf } from '../../src/runbook/find.ts';
import { STEPS } from '../../src/runbook/steps/registry.ts';
import { runPaths } from '../../src/runbook/store/paths.ts';
import { newUlid } from '../../src/runbook/store/ulid.ts';
import { openEvents } from '../../src/runbook/worker/events.ts';
import { makeWorld } from '../../src/runbook/worker/make-world.ts';
import type { World } from '../../src/runbook/world.ts';
import { Killed } from '../data/workbench.ts';
import { begin, indexOf, journalOf, outputIn } from './records.ts';
import { type Bench, workshopAt } from './workbench.ts';

const NEVER = new AbortController().signal;

/** A run's steps one by one, with the real parts, and a journal in memory. */
export interface Voyage {
  readonly plan: Plan;
  readonly facts: Facts;
  readonly records: readonly JournalRecord[];
  readonly id: string;
  /** As a worker would build it now; `effects` may count or kill. */
  world(effects?: Effects): Promise<World>;
  /** Prepares, begins, changes and ends every step that is not done, up to and including this kind. */
  forward(kind: string): Promise<void>;
  /** Prepares and begins the step of this kind, after all before it are done. */
  begin(kind: string): Promise<void>;
  change(kind: string, effects?: Effects): Promise<Json>;
  revert(kind: string, effects?: Effects): Promise<void>;
  discard(kind: string, how?: { readonly effects?: Effects; readonly stop?: AbortSignal }): Promise<void>;
  recheck(kind: string): Promise<void>;
}

export async function voyage({ workshop, store }: Bench, planned: Plan, more: Partial<Facts> = {}): Promise<Voyage> {
  const facts = { ...factsOf(planned), ...more };
  const plan = compile(planned.purpose, facts);
  const id = newUlid(workshop.host.clock);
  const run = runPaths(store, id);
  const records: JournalRecord[] = [begin(plan, id)];
  await workshop.host.files.makeDirectory(run.directory, { mode: 0o700 });

  // One worker's: it lives as long as the voyage, and one that is killed is another.
  const hot: World['hot'] = { current: undefined };
  const probing: World['probing'] = { current: undefined };
  onTestFinished(async () => probing.current?.dismiss());
  const world = async (effects: Effects = plainEffects): Promise<World> => {
    const shop = effects === plainEffects ? workshop : await workshopAt(workshop.stateDirectory, effects);
    const journal = journalOf(records);
    const rooms = roomsOf(shop, facts.profile, facts.installation);
    // What is told to viewers is none of a step's effects.
    const events = await openEvents(workshop.host, run);
    return {
      ...makeWorld({ rooms, plan, hop: 0, store, run, id, boot: 'boot', journal, events, waived: [] }),
      hot: effects === plainEffects ? hot : { current: undefined },
      probing,
    };
  };
  const stepOf = (kind: string): Step<World> => {
    const step = STEPS.get(kind);
    if (step === undefined) throw new Error(`no step ${kind}`);
    return step;
  };
  const undoOf = (kind: string): Json => {
    const record = records.find((each) => each.type === 'step.begin' && each.step === indexOf(plan, kind));
    if (record?.type !== 'step.begin') throw new Error(`${kind} was not begun`);
    return record.undo;
  };
  const outputOf = (kind: string): Json => outputIn(plan, records, kind);
  const isIn = (type: 'step.begin' | 'step.end', index: number) =>
    records.some((record) => record.type === type && record.step === index);

  const self: Voyage = {
    plan,
    facts: factsOf(plan),
    records,
    id,
    world,
    async forward(kind) {
      for (const { index, step } of placesOf(plan)) {
        if (index > indexOf(plan, kind)) return;
        if (isIn('step.end', index)) continue;
        if (!isIn('step.begin', index)) {
          const undo = await stepOf(step.kind).prepare(await world(), null, NEVER);
          // Through JSON, as the journal does.
          records.push({ type: 'step.begin', step: index, undo: JSON.parse(JSON.stringify(undo)), boot: 'boot' });
        }
        const output = await self.change(step.kind);
        records.push({ type: 'step.end', step: index, output });
      }
    },
    async begin(kind) {
      const before = placesOf(plan)[indexOf(plan, kind) - 1]?.step.kind;
      if (before !== undefined) await self.forward(before);
      const undo = await stepOf(kind).prepare(await world(), null, NEVER);
      records.push({
        type: 'step.begin',
        step: indexOf(plan, kind),
        undo: JSON.parse(JSON.stringify(undo)),
        boot: 'boot',
      });
    },
    async change(kind, effects) {
      const output = await stepOf(kind).change(await world(effects), null, undoOf(kind), NEVER);
      return JSON.parse(JSON.stringify(output)) as Json;
    },
    async revert(kind, effects) {
      await stepOf(kind).revert(await world(effects), null, undoOf(kind), NEVER);
    },
    async discard(kind, { effects, stop = NEVER } = {}) {
      await stepOf(kind).discard?.(await world(effects), null, undoOf(kind), stop);
    },
    async recheck(kind) {
      await stepOf(kind).recheck?.(await world(), null, undoOf(kind), outputOf(kind));
    },
  };
  return self;
}

/** Counts the effects of what `act` does. */
export async function effectsIn(act: (effects: Effects) => Promise<unknown>): Promise<number> {
  let count = 0;
  await act({
    run(_effect, change) {
      count += 1;
      return change(() => undefined);
    },
  });
  return count;
}

/** Dies of `act`, which a kill cut short. */
export async function killed(act: Promise<unknown>): Promise<void> {
  const error = await act.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!(error instanceof Killed)) throw error ?? new Error('it was not cut short');
}
