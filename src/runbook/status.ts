import { CATALOG, type ErrorCode, RefitError } from '../errors.ts';
import { diskUse } from './disk-use.ts';
import { type Now, nowOfFound, nowOfRun } from './ending.ts';
import { findAll, requireFound } from './find.ts';
import { runsOf } from './store/installations.ts';
import { storePaths } from './store/paths.ts';
import { type InstallationState, readState } from './store/state.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

export interface InstallationStatus {
  readonly installation: string;
  readonly now: Now;
  readonly state: InstallationState;
  /** A worker holds the lock. */
  readonly worker: boolean;
  /** What the rollback generation takes on disk; undefined where there is none or it cannot be read. */
  readonly rollbackBytes: number | undefined;
  /** What could not be looked at, and why; the rest is true all the same. */
  readonly problems: readonly Problem[];
}

interface Problem {
  readonly code: ErrorCode;
  readonly message: string;
}

/** The status of an installation that is on this host. Without root, what of it is readable. */
export async function statusOf(workshop: Workshop, wish: Wish): Promise<InstallationStatus> {
  try {
    const found = await requireFound(workshop, wish);
    return await around(workshop, found.installation.name, await nowOfFound(workshop, found), []);
  } catch (error) {
    if (!(error instanceof RefitError) || !isUnreadable(error)) throw error;
    const [candidate] = await findAll(workshop, wish);
    if (workshop.systemd === undefined || candidate?.unit === undefined) throw error;
    const { unit } = candidate.unit;
    const { activity, detail } = await workshop.systemd.state(unit);
    const looked = { version: undefined, answers: undefined };
    const now = { unit, activity: `${activity} (${detail})`, running: activity === 'active', ...looked };
    return around(workshop, candidate.name, now, [problemOf(error)]);
  }
}

/** Of one that is no longer found, but has a journal. */
export async function statusOfRecorded(workshop: Workshop, name: string): Promise<InstallationStatus | undefined> {
  const [last] = await runsOf(workshop, name);
  return last === undefined ? undefined : around(workshop, name, await nowOfRun(workshop, last), []);
}

async function around(
  workshop: Workshop,
  installation: string,
  now: Now,
  known: readonly Problem[],
): Promise<InstallationStatus> {
  const { host } = workshop;
  const store = storePaths(workshop.stateDirectory, installation);
  const problems = [...known];
  const state = await readState(workshop, store, installation).catch((error: unknown) => {
    // A damaged journal must not hide what is true of the service.
    if (!(error instanceof RefitError) || !(isUnreadable(error) || CATALOG[error.code] === 'journal')) throw error;
    problems.push(problemOf(error));
    return recorded(workshop, store.state, installation);
  });
  const { held } = await host.lock.holder(store.lock).catch(() => ({ held: false }));
  const directory = state.rollback?.directory;
  const rollbackBytes = directory === undefined ? undefined : await diskUse(host, directory);
  return { installation, now, state, worker: held, rollbackBytes, problems };
}

/** What the last worker left for everybody to read. */
async function recorded({ host }: Workshop, path: string, installation: string): Promise<InstallationState> {
  const none = { product: '', version: undefined, last: undefined, open: undefined, skipped: [], rollback: undefined };
  const text = await host.files.read(path, { maxBytes: 1_048_576 }).catch(() => undefined);
  return text === undefined ? { format: 1, installation, ...none } : { ...none, ...JSON.parse(text.toString('utf8')) };
}

function isUnreadable({ code }: RefitError): boolean {
  return code === 'E_PERMISSION' || code === 'E_ENV_UNREADABLE';
}

function problemOf({ code, message }: RefitError): Problem {
  return { code, message };
}
