import { posix } from 'node:path';
import type { Host } from '../host/host.ts';
import { behindLink } from './behind-link.ts';
import type { OwnersBefore, ServiceUser } from './facts.ts';
import { GENERATIONS } from './gather.ts';

const TIMEOUT_MS = 30 * 60 * 1000;
/** Names in one call: far below what the kernel takes, however long they are. */
const BATCH = 256;

/** Looks; what is not there is left out. */
export async function ownersBefore(host: Host, user: ServiceUser): Promise<OwnersBefore> {
  const before: OwnersBefore[number][] = [];
  for (const named of user.directories) {
    const path = await behindLink(host.files, named);
    for (const part of await partsOf(host, path)) {
      const { owner, others } = await below(host, part);
      before.push({ path: part, owner, recursive: true, others });
    }
    before.push(...(await single(host, path)));
  }
  for (const path of [...user.paths, ...(await treePaths(host, user))]) {
    if (user.directories.some((directory) => path.startsWith(`${directory}/`))) continue;
    before.push(...(await single(host, path)));
  }
  return before;
}

/** `to`: everything theirs; undefined: everything as it was. Can be called again after a kill. */
export async function giveOwners(host: Host, before: OwnersBefore, to: ServiceUser | undefined): Promise<void> {
  const whose = to === undefined ? undefined : `${to.uid}:${to.gid}`;
  for (const { path, owner, recursive, others } of before) {
    if ((await host.files.stat(path)) === undefined) continue;
    await chown(host, whose ?? owner, [path], recursive ? ['--recursive'] : []);
    for (const [other, paths] of whose === undefined ? Object.entries(others) : []) await back(host, other, paths);
    await host.files.sync(posix.dirname(path));
  }
}

/** What the new version removed meanwhile is put back with the data. */
async function back(host: Host, owner: string, paths: readonly string[]): Promise<void> {
  const there: string[] = [];
  for (const path of paths) if ((await host.files.stat(path)) !== undefined) there.push(path);
  for (let at = 0; at < there.length; at += BATCH) await chown(host, owner, there.slice(at, at + BATCH), []);
}

async function chown(
  { commands }: Host,
  owner: string,
  paths: readonly string[],
  flags: readonly string[],
): Promise<void> {
  await commands.must(['chown', '--no-dereference', ...flags, '--', owner, ...paths], { timeoutMs: TIMEOUT_MS });
}

/** One by one where copies of ours lie in it, which are nobody's data: the data is a mount point then. */
async function partsOf({ files }: Host, path: string): Promise<readonly string[]> {
  if ((await files.stat(path))?.type !== 'directory') return [];
  return (await files.list(path)).filter((name) => name !== GENERATIONS).map((name) => `${path}/${name}`);
}

async function below(
  { commands }: Host,
  path: string,
): Promise<{ readonly owner: string; readonly others: Record<string, string[]> }> {
  const argv = ['find', path, '-printf', '%U:%G %p\\0'] as const;
  const { stdout } = await commands.must(argv, { timeoutMs: TIMEOUT_MS, maxOutput: 2 ** 28 });
  const others: Record<string, string[]> = {};
  const [first = '', ...rest] = stdout.split('\0').filter((entry) => entry !== '');
  const owner = first.slice(0, first.indexOf(' '));
  for (const entry of rest) {
    const space = entry.indexOf(' ');
    const other = entry.slice(0, space);
    if (other === owner) continue;
    others[other] = [...(others[other] ?? []), entry.slice(space + 1)];
  }
  return { owner, others };
}

async function single({ files }: Host, path: string): Promise<OwnersBefore> {
  const stat = await files.stat(path);
  if (stat === undefined) return [];
  return [{ path, owner: `${stat.uid}:${stat.gid}`, recursive: false, others: {} }];
}

/** Without what containers keep there. */
async function treePaths({ files }: Host, { trees }: ServiceUser): Promise<readonly string[]> {
  const paths: string[] = [];
  for (const { root: named, files: names } of trees) {
    const root = await behindLink(files, named);
    if ((await files.stat(root))?.type !== 'directory') continue;
    paths.push(root);
    for (const child of await files.list(root)) {
      const folder = `${root}/${child}`;
      if ((await files.stat(folder))?.type !== 'directory') continue;
      paths.push(folder, ...names.map((name) => `${folder}/${name}`));
    }
  }
  return paths;
}
