import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Commands } from '../host/commands.ts';
import type { LayoutHost } from './dress.ts';
import type { Obstacle } from './layout.ts';
import { realFile } from './real-path.ts';

const LOOK = { timeoutMs: 30_000 };

/** See `Layout.obstacles`. */
export async function obstacles({ files, commands }: LayoutHost, target: string): Promise<readonly Obstacle[]> {
  let path: string;
  try {
    path = await realFile(files, target);
  } catch (error) {
    if (!(error instanceof RefitError && error.code === 'E_FILE')) throw error;
    return [{ kind: 'not-a-file', path: target, saw: 'a dangling link', remedy: error.hint ?? `ls -l ${target}` }];
  }
  const directory = posix.dirname(path);
  const [parent, live] = await Promise.all([files.stat(directory), files.stat(path)]);
  if (parent?.type !== 'directory')
    return [{ kind: 'no-directory', path: directory, saw: parent?.type ?? 'nothing', remedy: `mkdir -p ${directory}` }];
  if (live !== undefined && live.type !== 'file')
    return [{ kind: 'not-a-file', path, saw: live.type, remedy: `Move ${path} away` }];
  const found: Obstacle[] = [];
  if ((await files.space(directory)).readOnly)
    found.push({
      kind: 'read-only',
      path: directory,
      saw: 'a read-only mount',
      remedy: `mount -o remount,rw ${directory}`,
    });
  else if (!(await files.writable(directory)))
    found.push({ kind: 'no-permission', path: directory, saw: 'no permission to write', remedy: 'Run it as root' });
  found.push(...(await immutable(commands, directory)));
  if (live === undefined) return found;
  return [
    ...found,
    ...(await immutable(commands, path)),
    ...(await mounted(commands, path)),
    ...(await packaged(commands, path)),
  ];
}

/** Also what is append-only: it can be neither linked nor renamed over. */
async function immutable(commands: Commands, path: string): Promise<readonly Obstacle[]> {
  if ((await commands.find('lsattr')) === undefined) return [];
  // File systems without attributes make it fail; then there is none to be in the way.
  const { exitCode, stdout } = await commands.query(['lsattr', '-d', '--', path], LOOK);
  const flag = exitCode === 0 ? /^\S*?([ia])/.exec(stdout)?.[1] : undefined;
  if (flag === undefined) return [];
  const saw = flag === 'i' ? 'the immutable attribute' : 'the append-only attribute';
  return [{ kind: 'immutable', path, saw, remedy: `chattr -${flag} ${path}` }];
}

/** A file mounted into a container: nothing can be renamed over it (EBUSY). */
async function mounted(commands: Commands, path: string): Promise<readonly Obstacle[]> {
  if ((await commands.find('findmnt')) === undefined) return [];
  const argv = ['findmnt', '--noheadings', '--raw', '--output', 'SOURCE', '--mountpoint', path] as const;
  const { exitCode, stdout } = await commands.query(argv, LOOK);
  if (exitCode !== 0) return [];
  return [
    { kind: 'mount-point', path, saw: `a mount of ${stdout.trim()}`, remedy: 'Upgrade it where it is mounted from' },
  ];
}

/** A package manager would put its own back, or refuse to. */
async function packaged(commands: Commands, path: string): Promise<readonly Obstacle[]> {
  const asks = [
    ['dpkg-query', '--search', '--', path],
    ['rpm', '--query', '--file', '--', path],
  ] as const;
  for (const ask of asks) {
    if ((await commands.find(ask[0])) === undefined) continue;
    const { exitCode, stdout } = await commands.query(ask, LOOK);
    const owner = stdout.split(/:? /)[0]?.trim();
    if (exitCode !== 0 || !owner) continue;
    return [
      { kind: 'package-owned', path, saw: `the package ${owner}`, remedy: `Upgrade ${owner} with the package manager` },
    ];
  }
  return [];
}
