import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Commands } from '../host/commands.ts';
import type { Files } from '../host/files.ts';
import type { LayoutHost } from './dress.ts';
import type { Obstacle } from './layout.ts';
import { packaged } from './packaged.ts';
import { realFile } from './real-path.ts';

/** See `Layout.obstacles`. */
export async function obstacles(
  { files, commands }: LayoutHost,
  targets: readonly string[],
): Promise<readonly Obstacle[]> {
  const seen = await Promise.all(targets.map((target) => siteOf(files, target)));
  const sites = seen.filter((one) => 'directory' in one);
  const directories = [...new Set(sites.map(({ directory }) => directory))];
  const live = [...new Set(sites.flatMap(({ live }) => live ?? []))];
  const closed = await Promise.all(directories.map((directory) => unwritable(files, directory)));
  return [
    ...seen.filter((one) => 'kind' in one),
    ...closed.flat(),
    ...(await immutable(commands, [...directories, ...live])),
    ...(await mounted(files, live)),
    ...(await packaged(commands, live)),
  ];
}

/** Where a file is to be renamed to, links resolved; `live` where one is there now. */
interface Site {
  readonly directory: string;
  readonly live: string | undefined;
}

async function siteOf(files: Files, target: string): Promise<Site | Obstacle> {
  let path: string;
  try {
    path = await realFile(files, target);
  } catch (error) {
    if (!(error instanceof RefitError && error.code === 'E_FILE')) throw error;
    return { kind: 'not-a-file', path: target, saw: 'a dangling link', remedy: error.hint ?? `ls -l ${target}` };
  }
  const directory = posix.dirname(path);
  const [parent, live] = await Promise.all([files.stat(directory), files.stat(path)]);
  if (parent?.type !== 'directory')
    return { kind: 'no-directory', path: directory, saw: parent?.type ?? 'nothing', remedy: `mkdir -p ${directory}` };
  if (live !== undefined && live.type !== 'file')
    return { kind: 'not-a-file', path, saw: live.type, remedy: `Move ${path} away` };
  return { directory, live: live === undefined ? undefined : path };
}

async function unwritable(files: Files, directory: string): Promise<readonly Obstacle[]> {
  if ((await files.space(directory)).readOnly) {
    const remedy = `mount -o remount,rw ${directory}`;
    return [{ kind: 'read-only', path: directory, saw: 'a read-only mount', remedy }];
  }
  if (await files.writable(directory)) return [];
  return [{ kind: 'no-permission', path: directory, saw: 'no permission to write', remedy: 'Run it as root' }];
}

/** Also what is append-only: it can be neither linked nor renamed over. */
async function immutable(commands: Commands, paths: readonly string[]): Promise<readonly Obstacle[]> {
  if (paths.length === 0 || (await commands.find('lsattr')) === undefined) return [];
  // Where a file system has no attributes it says so on stderr, and there is none to be in the way.
  const { stdout } = await commands.query(['lsattr', '-d', '--', ...paths], { timeoutMs: 30_000 });
  const lines = stdout.split('\n');
  return paths.flatMap((path) => {
    const line = lines.find((each) => each.endsWith(` ${path}`));
    const flag = /^\S*?([ia])/.exec(line ?? '')?.[1];
    if (flag === undefined) return [];
    const saw = flag === 'i' ? 'the immutable attribute' : 'the append-only attribute';
    return [{ kind: 'immutable' as const, path, saw, remedy: `chattr -${flag} ${path}` }];
  });
}

/** A file mounted into a container: nothing can be renamed over it (EBUSY). */
async function mounted(files: Files, paths: readonly string[]): Promise<readonly Obstacle[]> {
  const mounts = await files.mounts();
  return paths
    .filter((path) => mounts.includes(Buffer.from(path).toString('latin1')))
    .map((path) => ({
      kind: 'mount-point',
      path,
      saw: 'a mount of a single file',
      remedy: `Upgrade it where it is mounted from: findmnt ${path}`,
    }));
}
