import { RefitError } from '../../errors.ts';
import type { Workshop } from '../workshop.ts';
import { storePaths } from './paths.ts';
import { openRun, readRuns, type StoredRun } from './runs.ts';

/** Installations that refit has a journal of on this host, by name. */
export async function knownInstallations({
  host,
  stateDirectory,
}: Pick<Workshop, 'host' | 'stateDirectory'>): Promise<readonly string[]> {
  if ((await host.files.stat(stateDirectory)) === undefined) return [];
  const names: string[] = [];
  for (const name of await host.files.list(stateDirectory)) {
    if ((await host.files.stat(storePaths(stateDirectory, name).runs)) !== undefined) names.push(name);
  }
  return names;
}

/** Which of a host's runs a person may mean. */
export interface Which {
  readonly installation: string | undefined;
  readonly product: string | undefined;
}

/** The one open run that is meant; undefined where none is open. Rejects with E_INSTALLATION_AMBIGUOUS. */
export async function findOpenRun(
  workshop: Pick<Workshop, 'host' | 'stateDirectory'>,
  { installation, product }: Which,
): Promise<StoredRun | undefined> {
  const names = installation === undefined ? await knownInstallations(workshop) : [installation];
  const open: StoredRun[] = [];
  for (const name of names) {
    const run = await openRun(workshop.host.files, storePaths(workshop.stateDirectory, name));
    if (run !== undefined && (product === undefined || run.state.plan.product === product)) open.push(run);
  }
  const [first, second] = open;
  if (first !== undefined && second !== undefined) {
    const all = open.map(({ state }) => state.plan.installation).join(', ');
    throw new RefitError('E_INSTALLATION_AMBIGUOUS', `Cannot choose between the open runs of ${all}`, {
      hint: `--installation ${first.state.plan.installation}`,
    });
  }
  return first;
}

/** The runs of one installation, newest first; those killed before their first record are left out. */
export function runsOf(
  { host, stateDirectory }: Pick<Workshop, 'host' | 'stateDirectory'>,
  installation: string,
): Promise<readonly StoredRun[]> {
  return readRuns(host.files, storePaths(stateDirectory, installation));
}

/** The runs of one installation, or where none is named of all of this host, newest first. */
export async function runsHere(
  workshop: Pick<Workshop, 'host' | 'stateDirectory'>,
  named: string | undefined,
): Promise<readonly { readonly name: string; readonly run: StoredRun }[]> {
  const names = named === undefined ? await knownInstallations(workshop) : [named];
  const runs = await Promise.all(
    names.map(async (name) => (await runsOf(workshop, name)).map((run) => ({ name, run }))),
  );
  return runs.flat().toSorted((a, b) => (a.run.id < b.run.id ? 1 : -1));
}
