import type { Raw } from './entry.ts';
import { type DataHost, leftAlone, list, type Sight, share, startsOf, unreadable } from './listing.ts';
import { escapeName } from './names.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';
import { isOnlyVanished } from './vanished.ts';

const FORMAT = '%y %m %D %i %n %s %b %U %G %T@ %C@ %p\\0%l\\0';
const MAX_OUTPUT = 400 * 1024 * 1024;
/** What a name that is not UTF-8 turns into on its way into a string. */
const REPLACED = '\uFFFD';
const TYPES: Readonly<Record<string, Raw['type']>> = { f: 'file', d: 'directory', l: 'link' };
/**
 * What `list` says without digests, in less than half of its time: `find` says it itself, though it escapes no names. Where one
 * is no string, or a time lies before 1970, `list` must do. `moving`: what vanishes meanwhile is not there.
 */
export async function scan(
  host: DataHost,
  sights: readonly Sight[],
  moving = false,
): Promise<readonly (readonly Raw[])[]> {
  const starts = (await Promise.all(sights.map((sight) => startsOf(host.files, sight)))).flat();
  if (starts.length === 0) return sights.map(() => []);
  const choice = ['-xdev', ...leftAlone(sights, starts), '-prune', '-o', '-printf', FORMAT];
  const { exitCode, stdout, stderr } = await host.commands.query(
    ['env', 'LC_ALL=C', 'find', ...starts, ...(moving ? ['-ignore_readdir_race'] : []), ...choice],
    { timeoutMs: COPY_TIMEOUT_MS, maxOutput: MAX_OUTPUT },
  );
  const isWhole =
    (exitCode === 0 || (moving && exitCode === 1 && isOnlyVanished(stderr))) && /^$|\0$/.test(stdout.slice(-1));
  if (!isWhole) throw unreadable(sights, stderr);
  const fields = stdout.split('\0');
  const found: Raw[] = [];
  for (let at = 0; at + 1 < fields.length; at += 2) found.push(parse(fields[at] ?? '', fields[at + 1] ?? ''));
  if (stdout.includes(REPLACED) || found.some(({ mtime }) => mtime.startsWith('-')))
    return list(host, sights, 'none', moving);
  return share(sights, found);
}

function parse(record: string, target: string): Raw {
  const [
    kind = '',
    mode = '',
    device = '',
    inode = '',
    links,
    size,
    blocks,
    uid,
    gid,
    mtime = '',
    ctime = '',
    ...name
  ] = record.split(' ');
  const type = TYPES[kind] ?? 'special';
  return {
    name: escapeName(name.join(' ')),
    type,
    size: type === 'file' ? Number(size) : 0,
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    mtime: nanoseconds(mtime),
    ...(type === 'link' ? { target: escapeName(target) } : {}),
    device,
    inode,
    links: Number(links),
    ctime: nanoseconds(ctime),
    allocated: Number(blocks) * 512,
  };
}

/** `find` has ten decimals, of which the last is always 0. */
function nanoseconds(time: string): string {
  return time.slice(0, -1);
}
