import { posix } from 'node:path';
import type { DataItem } from '../data/data.ts';
import type { Files } from '../host/files.ts';
import { detect } from '../product/detect.ts';
import { addKeys } from '../product/env-edit.ts';
import type { Architecture } from '../release/release.ts';
import { behindLink } from './behind-link.ts';
import type { Needed } from './crossings/needed.ts';
import { envText } from './env-text.ts';
import type { DatabaseFacts, Facts, InstallationFacts, PlannedFile, RunOptions, TargetFacts } from './facts.ts';
import { type Found, stopTimeoutOf } from './find.ts';
import { goArchitecture, isArchitecture } from './platform.ts';
import { recordedStarts, startTimeout } from './start-timeout.ts';
import { storePaths } from './store/paths.ts';
import type { BinaryVersion } from './version-of.ts';
import type { Workshop } from './workshop.ts';

/** Entries of a directory of ours that no copy, walk or listing of data takes for data. */
export const GENERATIONS = '.refit-generations';

/** The drop-in of the window: it comes and goes with each. */
const HOLD = 'zz-refit-hold.conf';

/** Everything about an installation that does not depend on where it goes. */
function installationFacts(workshop: Workshop, found: Found, version: BinaryVersion): InstallationFacts {
  const { installation, profile } = found;
  return {
    name: installation.name,
    product: installation.product,
    title: installation.title,
    unit: installation.unit ?? installation.name,
    manager: profile.service.manager,
    binary: installation.binary,
    version: version.version,
    commit: version.commit,
    envFile: installation.envFile,
    user: installation.user === '' ? undefined : installation.user,
    arch: goArchitecture(workshop.host.identity.architecture),
    scope: installation.scope,
    embedded: installation.embedded,
    workingDirectory: installation.workingDirectory,
    stopTimeoutMs: stopTimeoutOf(found),
  };
}

/** What the new version may rewrite, named by the installation's own configuration. */
export async function dataItems(
  { host }: Pick<Workshop, 'host'>,
  { installation }: Found,
): Promise<readonly DataItem[]> {
  const { databases, directories, files, trees } = installation.data;
  const inTrees: DataItem[] = [];
  for (const { root, files: names } of trees) {
    if (!(await isDirectory(host.files, root))) continue;
    for (const child of await host.files.list(root)) {
      if ((await host.files.stat(`${root}/${child}`))?.type !== 'directory') continue;
      inTrees.push(...names.map((name) => ({ kind: 'file' as const, path: `${root}/${child}/${name}` })));
    }
  }
  return [
    ...databases.map(({ path }) => ({ kind: 'database' as const, path })),
    ...directories.map(({ path, exclude }) => ({ kind: 'directory' as const, path, exclude })),
    ...files.map((path) => ({ kind: 'file' as const, path })),
    ...inTrees,
  ];
}

async function isDirectory(files: Files, path: string): Promise<boolean> {
  return (await files.stat(await behindLink(files, path)))?.type === 'directory';
}

function databaseFacts({ installation }: Found): DatabaseFacts | undefined {
  const [database] = installation.data.databases;
  if (database?.schema === undefined) return undefined;
  return { path: database.path, ...database.schema };
}

/**
 * Where generations lie: beside the data, so that they share its file system; inside it where the data is a mount point.
 * A product without data keeps them with refit's own state.
 */
export async function generationsOf(
  { host, stateDirectory }: Pick<Workshop, 'host' | 'stateDirectory'>,
  { installation }: Found,
): Promise<string> {
  const { databases, directories } = installation.data;
  const data = directories[0]?.path ?? (databases[0] === undefined ? undefined : posix.dirname(databases[0].path));
  if (data === undefined || (await host.files.stat(data)) === undefined) {
    return `${stateDirectory}/${installation.name}/generations`;
  }
  const real = await host.files.realPath(data);
  const parent = posix.dirname(real);
  const [inner, outer] = [await host.files.stat(real), await host.files.stat(parent)];
  const base = inner?.device === outer?.device ? parent : real;
  return `${base}/${GENERATIONS}/${installation.name}`;
}

/** The files of the release that this installation takes, and how each will look. `agentArches`: of agents that exist. */
export async function plannedFiles(
  { host }: Pick<Workshop, 'host'>,
  { installation, profile }: Found,
  archiveOf: (arch: Architecture) => string | undefined,
  agentArches: readonly string[],
): Promise<readonly PlannedFile[]> {
  const own = goArchitecture(host.identity.architecture);
  const planned: PlannedFile[] = [];
  for (const target of installation.targets) {
    const { arch } = target;
    // Other architectures have no archive here: `agent-assets` says that theirs stay.
    if (!isArchitecture(arch)) continue;
    const real = await host.files.stat(await behindLink(host.files, target.path));
    const wanted =
      arch === own ? !(target.ifPresent && real === undefined) : real !== undefined || agentArches.includes(arch);
    const archive = wanted ? archiveOf(arch) : undefined;
    if (archive === undefined) continue;
    const root = host.identity.uid === 0;
    planned.push({
      archive,
      arch,
      member: target.member,
      target: target.path,
      binary: target.role === 'binary',
      executable: target.executable,
      mode: target.mode ?? real?.mode ?? (target.executable ? 0o755 : 0o644),
      uid: real?.uid ?? (root ? 0 : host.identity.uid),
      gid: real?.gid ?? (root ? 0 : ((await host.files.stat(posix.dirname(target.path)))?.gid ?? 0)),
      keepPrevious: target.role === 'binary' && profile.binary.keep_previous,
      servedAs: target.servedAs,
    });
  }
  return planned;
}

/** Env file, unit and drop-ins, where they are files of this host. What systemd makes under /run is made again at boot. */
export function keepsakes({ installation, unit }: Found): readonly string[] {
  const paths = [installation.envFile, unit.fragmentPath, ...unit.dropInPaths];
  const lasting = paths.filter(
    (path): path is string => path !== undefined && path !== '' && !path.startsWith('/run/'),
  );
  return [...new Set(lasting)].filter((path) => posix.basename(path) !== HOLD);
}

export interface Assembled {
  readonly found: Found;
  readonly version: BinaryVersion;
  readonly target: TargetFacts;
  readonly files: readonly PlannedFile[];
  readonly options: RunOptions;
  readonly deadlineMs: number | undefined;
}

export async function assemble(
  workshop: Workshop,
  { found, version, target, files, options, deadlineMs }: Assembled,
): Promise<Facts> {
  return {
    profile: found.profile,
    installation: installationFacts(workshop, found, version),
    target,
    data: await dataItems(workshop, found),
    database: databaseFacts(found),
    files,
    keepsakes: keepsakes(found),
    generations: await generationsOf(workshop, found),
    startTimeout: startTimeout({
      profileMs: found.profile.service.start_timeout,
      startsMs: await startsOf(workshop, found),
      askedMs: deadlineMs,
    }),
    options,
  };
}

/** How long starts took here: those of earlier runs, and all that the service manager's log still tells of. */
async function startsOf({ host, stateDirectory }: Workshop, found: Found): Promise<readonly number[]> {
  const { rooms, profile, installation, unit } = found;
  const { service } = profile;
  const line = service.manager === 'systemd' ? service.started_line : undefined;
  const [runs, logged] = await Promise.all([
    recordedStarts(host.files, storePaths(stateDirectory, installation.name)),
    line === undefined ? [] : rooms.service.recentStarts(unit.unit, line),
  ]);
  return [...runs, ...logged];
}

/** The env edits that crossings need, with the text that shows them. */
export async function envEdits(
  { host }: Pick<Workshop, 'host'>,
  { installation }: Found,
  crossings: readonly Pick<Needed, 'addition'>[],
): Promise<{ readonly additions: RunOptions['envEdits']; readonly diff: string }> {
  const additions = crossings.flatMap(({ addition }) => (addition === undefined ? [] : [addition]));
  if (additions.length === 0 || installation.envFile === undefined) return { additions: [], diff: '' };
  const text = await envText(host.files, installation.envFile);
  const { diff } = addKeys(installation.envFile, text, new Map(additions.map(({ key, value }) => [key, value])));
  return { additions, diff };
}

/** The installation as it will be once those keys are in its env file: a key may name a place that wants files of the release. */
export function withEdits(found: Found, additions: RunOptions['envEdits']): Found {
  const { profile, installation, seen } = found;
  const { envFile } = installation;
  if (additions.length === 0 || envFile === undefined) return found;
  const keys = new Map(additions.map(({ key, value }) => [key, value]));
  const texts = new Map(seen.texts).set(envFile, addKeys(envFile, seen.texts.get(envFile) ?? '', keys).text);
  return { ...found, installation: detect(profile, { ...seen, texts }) };
}
