import { type Standing, standingOf } from '../engine/standing.ts';
import type { Question } from '../health/health.ts';
import type { Profile } from '../product/schema.ts';
import { factsOf } from './facts.ts';
import { type Found, roomsOf } from './find.ts';
import { answersQuestion } from './questions.ts';
import { storePaths } from './store/paths.ts';
import { readRun, type StoredRun } from './store/runs.ts';
import { versionOf } from './version-of.ts';
import type { Workshop } from './workshop.ts';
import type { Rooms } from './world.ts';

/** What is true of a service now, looked at, not remembered. */
export interface Now {
  readonly unit: string;
  /** "active (running)". */
  readonly activity: string;
  readonly running: boolean;
  /** What the installed binary says; undefined where it says nothing. */
  readonly version: string | undefined;
  /** Whether it answers; undefined where nothing can be asked. */
  readonly answers: boolean | undefined;
}

export interface Ending {
  readonly run: StoredRun;
  readonly standing: Standing;
  readonly now: Now;
  /** Where the failing service's words are kept; undefined where none were. */
  readonly evidence: string | undefined;
}

/** How a run stands, and what is true of its service now. Undefined for a run without a first record. */
export async function endingOf(workshop: Workshop, installation: string, id: string): Promise<Ending | undefined> {
  const run = await readRun(workshop.host.files, storePaths(workshop.stateDirectory, installation), id);
  if (run === undefined) return undefined;
  const { evidence } = run.paths;
  const kept = (await workshop.host.files.stat(evidence)) !== undefined;
  return {
    run,
    standing: standingOf(run.state),
    now: await nowOfRun(workshop, run),
    evidence: kept ? evidence : undefined,
  };
}

/** How a run stands. */
export function runStanding({ state }: StoredRun): Standing {
  return standingOf(state);
}

/** What is true of the service of a run's plan. */
export async function nowOfRun(workshop: Workshop, { state }: StoredRun): Promise<Now> {
  const facts = factsOf(state.plan);
  const { unit, binary } = facts.installation;
  const version = asked(workshop, facts.profile, binary);
  if (state.plan.purpose === 'install') {
    return { unit, activity: 'not installed', running: false, version: await version.version, answers: undefined };
  }
  const rooms = roomsOf(workshop, facts.profile, facts.installation);
  return look(rooms, unit, version, (expected) => answersQuestion(facts, expected));
}

/** What is true of an installation as found. */
export async function nowOfFound(workshop: Workshop, found: Found): Promise<Now> {
  const { profile, installation, rooms, unit } = found;
  const facts = { profile, installation: { scope: installation.scope }, files: [] };
  const version = asked(workshop, profile, installation.binary);
  return look(rooms, unit.unit, version, (expected) => answersQuestion(facts, expected));
}

interface Asked {
  readonly version: Promise<string | undefined>;
  /** Settles once the product is under way, or has ended, or cannot be started. */
  readonly begun: Promise<unknown>;
}

function asked({ host }: Workshop, profile: Profile, binary: string): Asked {
  const { promise: started, resolve } = Promise.withResolvers<void>();
  const version = versionOf(host.commands, profile, binary, resolve).then(
    (said) => said?.version,
    // A binary that cannot be run at all is what a status has to say, not what it fails of.
    () => undefined,
  );
  return { version, begun: Promise.race([started, version]) };
}

/** Together, as each waits for another process: a person waits for the slowest alone. */
async function look(
  rooms: Rooms,
  unit: string,
  asking: Asked,
  question: (version: string) => Question | undefined,
): Promise<Now> {
  const context = { token: undefined, sinceStartMs: undefined, timeoutMs: 2_000 };
  const ask = async (one: Question | undefined): Promise<boolean | undefined> =>
    one === undefined ? undefined : (await rooms.health.ask(one, context)).healthy;
  const early = question('');
  const { activity, detail } = await rooms.service.state(unit);
  // Not sooner: the HTTP client takes 20 ms to load, and meanwhile the product would not even be started for its version.
  await asking.begun;
  const [version, answered] = await Promise.all([asking.version, ask(early)]);
  // Most questions are the same whatever the version; one that is not has to be asked again, now that it is known.
  const right = question(version ?? '');
  const answers = JSON.stringify(right) === JSON.stringify(early) ? answered : await ask(right);
  return { unit, activity: `${activity} (${detail})`, running: activity === 'active', version, answers };
}
