import { posix } from 'node:path';
import { diskUse } from '../disk-use.ts';
import { factsOf } from '../facts.ts';
import { generationMark, keeping, newestRuns } from '../generations.ts';
import { firstHop } from '../hops.ts';
import { outputOf } from '../outputs.ts';
import { knownInstallations, runsOf } from '../store/installations.ts';
import type { StoredRun } from '../store/runs.ts';
import { ulidTime } from '../store/ulid.ts';
import type { Workshop } from '../workshop.ts';
import { type Kept, keptAs } from './names.ts';
import { readRecord, readVerified } from './record.ts';

/** Something of before that is kept on this host. */
export interface Backup {
  /** The run that made it. */
  readonly id: string;
  readonly kind: 'generation' | 'archive' | 'displaced';
  readonly installation: string;
  readonly product: string;
  /** Whose data, and whose binaries. Of what was displaced: the version that was moved away. */
  readonly version: string;
  readonly at: string;
  readonly path: string;
  /** On disk; undefined where it cannot be counted. */
  readonly bytes: number | undefined;
  /** It was restored into scratch and its databases opened: by its run, or by `backup verify`. */
  readonly proven: boolean;
  /** Not removed by itself before. */
  readonly keptUntil: string;
  /** Nor while it is among the newest. */
  readonly amongNewest: boolean;
}

/** Where an installation's backups lie, with the runs that made them. */
export interface Shelf {
  readonly generations: string;
  readonly runs: readonly StoredRun[];
}

/** Every backup of this host, or of one installation, newest first. Changes nothing. */
export async function listBackups(workshop: Workshop, installation: string | undefined): Promise<readonly Backup[]> {
  const names = installation === undefined ? await knownInstallations(workshop) : [installation];
  const all: Backup[] = [];
  for (const name of names)
    for (const shelf of await shelvesOf(workshop, name)) all.push(...(await backupsOn(workshop, shelf)));
  return all.sort((a, b) => (a.id === b.id ? a.kind.localeCompare(b.kind) : a.id < b.id ? 1 : -1));
}

/** The data may have moved since an earlier run: its copies then lie elsewhere. */
export async function shelvesOf(workshop: Workshop, installation: string): Promise<readonly Shelf[]> {
  const runs = await runsOf(workshop, installation);
  const places = [...new Set(runs.map(({ state }) => factsOf(state.plan).generations))];
  return places.map((generations) => ({
    generations,
    runs: runs.filter(({ state }) => factsOf(state.plan).generations === generations),
  }));
}

/** What lies on a shelf; what is of no run of ours is not ours to show or to remove. */
export async function keptOn({ host }: Pick<Workshop, 'host'>, { generations }: Shelf): Promise<readonly Kept[]> {
  if ((await host.files.stat(generations)) === undefined) return [];
  return (await host.files.list(generations)).flatMap((name) => keptAs(name) ?? []);
}

async function backupsOn(workshop: Workshop, shelf: Shelf): Promise<readonly Backup[]> {
  const kept = await keptOn(workshop, shelf);
  const backups = await Promise.all(
    kept.map((one) => {
      const run = shelf.runs.find(({ id }) => id === one.run);
      return run === undefined ? undefined : backupOf(workshop, shelf, kept, one, run);
    }),
  );
  return backups.filter((one) => one !== undefined);
}

async function backupOf(
  { host }: Workshop,
  { generations }: Shelf,
  kept: readonly Kept[],
  { name, kind }: Kept,
  run: StoredRun,
): Promise<Backup | undefined> {
  if (kind === 'list' || kind === 'left') return undefined;
  const path = posix.join(generations, name);
  // One that is being made, or half removed.
  if (kind === 'generation' && (await host.files.stat(generationMark({ root: path }))) === undefined) return undefined;
  if (kind === 'archive' && (await readRecord(host.files, run.paths))?.archive !== name) return undefined;
  const { plan } = run.state;
  const { count, ms } = keeping(kind, factsOf(plan).options);
  return {
    id: run.id,
    kind,
    installation: plan.installation,
    product: plan.product,
    version: kind === 'displaced' ? plan.to : plan.from,
    at: new Date(ulidTime(run.id)).toISOString(),
    path,
    bytes: await diskUse({ commands: host.commands }, path),
    proven: await isProven(host, run, kind),
    keptUntil: new Date(ulidTime(run.id) + ms).toISOString(),
    amongNewest: newestRuns(kept, kind).slice(0, count).includes(run.id) && kind !== 'displaced',
  };
}

async function isProven({ files }: Workshop['host'], run: StoredRun, kind: Backup['kind']): Promise<boolean> {
  const verified = await readVerified(files, run.paths);
  if (kind === 'archive') return verified.archive !== undefined;
  const output = outputOf(firstHop(run.state), 'prove-copy');
  const byRun = typeof output === 'object' && output !== null && 'proven' in output && output['proven'] === true;
  return kind === 'generation' && (byRun || verified.generation !== undefined);
}
