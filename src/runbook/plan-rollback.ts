import { hopOf, versionLeft } from '../engine/hop.ts';
import type { RunState } from '../engine/replay.ts';
import { RefitError } from '../errors.ts';
import { agentFacts } from './agent-facts.ts';
import { runChecks } from './checks/all.ts';
import { compile } from './compile.ts';
import { complete } from './complete.ts';
import { type Facts, factsOf, type TargetFacts } from './facts.ts';
import { type Found, requireFound } from './find.ts';
import { formerOwners } from './former-owners.ts';
import { assemble } from './gather.ts';
import { type GenerationTarget, generationMark } from './generations.ts';
import { firstHop } from './hops.ts';
import { keptBy } from './kept-by.ts';
import { type LostWrites, lostWrites } from './lost-writes.ts';
import { outputOf } from './outputs.ts';
import { type Peek, peek } from './peek.ts';
import { installedVersion, optionsOf } from './plan-upgrade.ts';
import type { Planned } from './planned.ts';
import { type DataChoice, guardSchema, type Schemas } from './schema-guard.ts';
import { requireSpotChecks } from './spot-checks.ts';
import { storePaths } from './store/paths.ts';
import { lastCommitted, type StoredRun } from './store/runs.ts';
import { isCopyTrusted } from './verdict.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/** Decides what going back to the version before the last committed run would do. Changes nothing. */
export async function planRollback(workshop: Workshop, wish: Wish): Promise<Planned> {
  const found = await requireFound(workshop, wish);
  const { name } = found.installation;
  const last = await lastCommitted(workshop.host.files, storePaths(workshop.stateDirectory, name));
  if (last === undefined || last.state.plan.purpose === 'install') {
    throw new RefitError('E_NOTHING_TO_ROLL_BACK', `Cannot roll ${name} back: saw no committed run of it`, {
      hint: 'refit history shows what was done here',
    });
  }
  const { root } = keptBy(last);
  if ((await workshop.host.files.stat(generationMark({ root }))) === undefined) {
    throw new RefitError('E_NOTHING_TO_ROLL_BACK', `Cannot roll ${name} back: its generation ${root} is gone`, {
      hint: 'It was pruned, or removed by hand: refit backup list shows what is left, refit backup restore ID goes back to it',
    });
  }
  const looked = await peek(workshop, found.profile, found.installation);
  // Of several hops: back to before the first, whose copy is kept.
  const run = { ...last, state: firstHop(last.state) };
  const { from } = last.state.plan;
  const to = versionLeft(last.state) ?? last.state.plan.to;
  const dataChoice = wish.restoreData
    ? ({ keeps: false, because: 'asked' } as const)
    : guardSchema({
        known: learned(run.state)?.old,
        newer: learned(hopOf(last.state, last.state.committedHops - 1))?.new,
        applied: looked?.schema,
        span: { from, to },
        migrate: found.profile.migrate,
      });
  const choice = { asked: 'the version before', chosen: from };
  return planGoingBack(workshop, wish, { found, looked, run, whole: last.state, dataChoice, left: to, choice });
}

/** Where to: a generation that a run of this installation made, and that is there, or its archive is. */
export interface GoingBack {
  readonly found: Found;
  readonly looked: Peek | undefined;
  readonly run: StoredRun;
  /** All hops of that run, where `run` is its first. */
  readonly whole?: RunState;
  readonly dataChoice: DataChoice;
  /** What must be installed; undefined: whatever is. */
  readonly left: string | undefined;
  readonly archive?: GenerationTarget['archive'];
  readonly choice: Planned['choice'];
  /** What goes back, in words, where a person named it. */
  readonly source?: string;
}

/** Decides what going back to a generation would do. Changes nothing. */
export async function planGoingBack(
  workshop: Workshop,
  wish: Wish,
  { found, looked, run, whole, dataChoice, left, archive, choice, source }: GoingBack,
): Promise<Planned> {
  const before = factsOf(run.state.plan);
  const kept = keptBy(run);
  if (!dataChoice.keeps) requireTrusted(run.state, kept.root);
  const version = await installedVersion(workshop, found);
  const target: TargetFacts = {
    kind: 'generation',
    version: run.state.plan.from,
    run: run.id,
    ...kept,
    dataChoice,
    left,
    ...(archive === undefined ? {} : { archive }),
  };
  const facts = await assemble(workshop, {
    found,
    version,
    target,
    files: before.files,
    options: optionsOf({ ...wish, archive: undefined }),
    deadlineMs: wish.deadlineMs,
  });
  const { hold: holdAgents } = await agentFacts(found, facts, wish.token, looked);
  // As it was copied then: what belongs to stacks made since stays where it is.
  const { data } = before;
  // Those of then too: what goes back and is gone by now must be known to this run's own copy, or its way back would leave it.
  const keepsakes = [...new Set([...facts.keepsakes, ...before.keepsakes])];
  // Of then too, and only where it is: what goes back may be the very thing that is missing now.
  const isThere = before.database !== undefined && (await workshop.host.files.stat(before.database.path)) !== undefined;
  const database = isThere ? before.database : undefined;
  const { laterTargets = [] } = before;
  const given = {
    ...facts,
    data,
    database,
    keepsakes,
    laterTargets,
    ...(before.crossed === undefined ? {} : { crossed: before.crossed }),
    ...formerOwners(whole ?? run.state),
    options: { ...facts.options, holdAgents },
  };
  await requireSpotChecks(found.rooms.health, given, wish.token);
  return complete(workshop, wish, {
    plan: compile('rollback', given),
    checks: await runChecks({
      workshop,
      found,
      facts: given,
      peek: looked,
    }),
    source,
    choice,
    passedBy: [],
    envDiff: '',
    lost: await lostIn(workshop, given, found),
    downloadBytes: undefined,
    dataBytes: (await found.rooms.data.measure(data)).bytes,
  });
}

/** Only where data goes back; what cannot be looked at must not keep a person from going back. */
async function lostIn(
  workshop: Workshop,
  { target, data }: Facts,
  { rooms, installation }: Found,
): Promise<LostWrites | undefined> {
  if (target.kind !== 'generation' || target.dataChoice?.keeps === true || data.length === 0) return undefined;
  try {
    const generation = { id: target.run, root: target.root };
    return await lostWrites(workshop, rooms.data, data, generation, installation.data.databases);
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}

/** Its digests may be right all the same: what could not be restored then is not put back now. */
function requireTrusted(state: RunState, root: string): void {
  if (isCopyTrusted(state)) return;
  throw new RefitError('E_NOTHING_TO_ROLL_BACK', `Cannot put the data of ${root} back: it could not be restored`, {
    hint: 'That was said when the upgrade was committed; restore from a backup of your own',
  });
}

/** What both versions know, as they showed on empty databases at the upgrade. */
function learned(state: RunState): Schemas | undefined {
  return outputOf(state, 'learn-schema') as Schemas | undefined;
}
