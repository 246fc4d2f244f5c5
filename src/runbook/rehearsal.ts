import type { Json } from '../engine/json.ts';
import { Interrupted } from '../engine/step.ts';
import { RefitError } from '../errors.ts';
import { inhibitors } from './checks/all.ts';
import type { Judged } from './checks/judge.ts';
import { type Facts, factsOf } from './facts.ts';
import { roomsOf } from './find.ts';
import type { Planned } from './planned.ts';
import { downloadDirectory, releaseTarget } from './steps/download.ts';
import { STEPS } from './steps/registry.ts';
import type { Rehearsed } from './steps/rehearse.ts';
import { unpackTo } from './steps/unpack.ts';
import { runPaths, type StorePaths, storePaths } from './store/paths.ts';
import { clearRehearsals } from './store/rehearsals.ts';
import { openRun, runIsOpen } from './store/runs.ts';
import { newUlid } from './store/ulid.ts';
import { underLock } from './worker/under-lock.ts';
import type { Workshop } from './workshop.ts';
import type { World } from './world.ts';

/** What was downloaded, and stays where the next upgrade finds it. */
export interface Cache {
  readonly directory: string;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
}

/** What a migration that was tried without a run came to. */
export type Rehearsal =
  | { readonly outcome: 'nothing'; readonly why: string }
  | { readonly outcome: 'failed'; readonly error: RefitError; readonly cache: Cache }
  | ({ readonly outcome: 'passed'; readonly cache: Cache } & Rehearsed);

export interface RehearsalOptions {
  /** The command line as typed, for whoever finds the lock held. */
  readonly command: string;
  /** Calls back when the person wants it to end. */
  onInterrupt(listener: () => void): void;
  readonly report: World['report'];
}

/**
 * Tries the migration of a planned upgrade by the steps of an upgrade, in a scratch of its own and without a run: the service,
 * what is installed and the history stay as they are. Only the download stays. Rejects with E_LOCKED where somebody is at work
 * on the installation, with E_RUN_OPEN where a run is open.
 */
export async function rehearsePlan(
  workshop: Workshop,
  { plan, checks }: Pick<Planned, 'plan' | 'checks'>,
  { command, onInterrupt, report }: RehearsalOptions,
): Promise<Rehearsal> {
  const facts = factsOf(plan);
  const why = nothingIn(facts);
  if (why !== undefined) return { outcome: 'nothing', why };
  const full = noRoom(checks);
  const { host, stateDirectory } = workshop;
  const store = storePaths(stateDirectory, plan.installation);
  if (full !== undefined) return { outcome: 'failed', error: full, cache: await cacheOf(workshop, facts, store) };
  await host.files.makeDirectory(stateDirectory, { mode: 0o711 });
  await host.files.makeDirectory(store.root, { mode: 0o711 });
  return underLock(workshop, plan.installation, command, async () => {
    const open = await openRun(host.files, store);
    if (open !== undefined) throw runIsOpen(open);
    const stop = new AbortController();
    onInterrupt(() => stop.abort(new Interrupted('signal')));
    return locked(workshop, scratchWorld(workshop, facts, store, report), stop.signal);
  });
}

async function locked(workshop: Workshop, world: ScratchWorld, stop: AbortSignal): Promise<Rehearsal> {
  const { facts, host, sandbox, store } = world;
  await clearRehearsals(host, sandbox, store);
  try {
    const rehearsed = await rehearseAlone(world, stop);
    return { outcome: 'passed', ...rehearsed, cache: await cacheOf(workshop, facts, store) };
  } catch (error) {
    const coded = error instanceof Interrupted ? interrupted() : error;
    if (!(coded instanceof RefitError)) throw error;
    return { outcome: 'failed', error: coded, cache: await cacheOf(workshop, facts, store) };
  } finally {
    await clearRehearsals(host, sandbox, store);
  }
}

/** As an upgrade does it, but for where the binary lies: what is beside its target would be seen there. */
async function rehearseAlone(world: ScratchWorld, stop: AbortSignal): Promise<Rehearsed> {
  const { facts, host, run, outputs, report } = world;
  const { tag, archives } = releaseTarget(facts);
  const names = archives.map(({ asset }) => asset.name).join(', ');
  const doStep = async (kind: string, title: string, change: () => Promise<Json | undefined>): Promise<void> => {
    stop.throwIfAborted();
    report({ kind: 'note', text: title });
    outputs.set(kind, (await change()) ?? null);
  };
  const change = (kind: string) => async () => STEPS.get(kind)?.change(world, null, null, stop);
  await doStep('download', `Download ${names}`, change('download'));
  await doStep('prove', `Verify ${names}`, change('prove'));
  await doStep('unpack', `Unpack ${tag} into scratch`, () => {
    const directory = `${run.paths.scratch}/binary`;
    const directoryOf = async (): Promise<string> => {
      await host.files.makeDirectory(directory, { mode: 0o700 });
      await requireRunnable(host, directory);
      return directory;
    };
    // Whoever the migration runs as must be able to run it.
    const dress = (staged: string) => host.files.setOwnership(staged, { mode: 0o755 });
    const binary = facts.files.filter((file) => file.binary);
    return unpackTo(world, binary, { directoryOf, dress }, stop);
  });
  await doStep('learn-schema', 'Learn the schemas on empty databases', change('learn-schema'));
  await doStep('snapshot', `Check a snapshot of ${facts.database?.path}`, change('snapshot'));
  await doStep('rehearse', `Rehearse the migration to ${tag} on a copy of the data`, change('rehearse'));
  return outputs.get('rehearse') as Rehearsed;
}

/** Or a release that cannot be run there would be called mislabelled. Where nobody can say, it is tried. */
async function requireRunnable({ commands }: Pick<World['host'], 'commands'>, directory: string): Promise<void> {
  if ((await commands.find('findmnt')) === undefined) return;
  const argv = ['findmnt', '--noheadings', '--output', 'OPTIONS', '--target', directory] as const;
  const { stdout } = await commands.query(argv, { timeoutMs: 10_000 });
  if (!stdout.trim().split(',').includes('noexec')) return;
  throw new RefitError('E_CHECK_FAILED', `Cannot run anything in ${directory}: saw it mounted noexec, expected exec`, {
    hint: 'An upgrade rehearses the new binary from beside the installed one: refit upgrade',
    facts: { path: directory },
  });
}

interface ScratchWorld extends World {
  /** What its steps have returned: there is no journal. */
  readonly outputs: Map<string, Json>;
}

function scratchWorld(workshop: Workshop, facts: Facts, store: StorePaths, report: World['report']): ScratchWorld {
  const outputs = new Map<string, Json>();
  const id = newUlid(workshop.host.clock);
  return {
    ...roomsOf(workshop, facts.profile, facts.installation),
    facts,
    store,
    run: { id, part: id, paths: runPaths({ ...store, runs: store.rehearsals }, id), boot: '' },
    generation: { id, root: `${facts.generations}/${id}` },
    hold: { unit: facts.installation.unit, marker: store.window, stateDirectory: store.root },
    hot: { current: undefined },
    probing: { current: undefined },
    hasBegun: (kind) => outputs.has(kind),
    outputOf: (kind) => outputs.get(kind),
    wayBack: () => 'whole',
    waivedBy: (code) => (facts.options.waived.includes(code) ? facts.options.waiving : undefined),
    report,
    outputs,
  };
}

function nothingIn({ profile, database, target }: Facts): string | undefined {
  const { title } = profile;
  if (target.kind !== 'release' || profile.migrate === undefined) return `${title} has no migration`;
  return database === undefined ? `there is no database of ${title}` : undefined;
}

/** The running server writes there too: it must not be left without. */
function noRoom(checks: readonly Judged[]): RefitError | undefined {
  const [low] = inhibitors(checks).filter(({ code }) => code === 'low-space');
  if (low === undefined) return undefined;
  return new RefitError('E_CHECK_FAILED', `Cannot rehearse the migration: ${low.code} (${low.measured})`, {
    hint: `${low.remedy}; or, knowing what it means: --waive ${low.code}`,
  });
}

function interrupted(): RefitError {
  return new RefitError('E_DECLINED', 'Cannot finish the rehearsal: interrupted, as you said', {
    hint: 'Type the command again: it goes on with what was downloaded',
  });
}

async function cacheOf({ host: { files } }: Workshop, facts: Facts, { releases }: StorePaths): Promise<Cache> {
  const directory = downloadDirectory(releases, releaseTarget(facts).tag);
  if ((await files.stat(directory)) === undefined) return { directory, files: [] };
  const names = await files.list(directory);
  const sizes = names.map(async (name) => ({ name, bytes: (await files.stat(`${directory}/${name}`))?.size ?? 0 }));
  return { directory, files: await Promise.all(sizes) };
}
