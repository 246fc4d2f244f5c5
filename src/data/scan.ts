import type { Raw } from './entry.ts';
import { type DataHost, inOrder, leftAlone, list, placing, type Sight, startsOf, unreadable } from './listing.ts';
import { escapeName } from './names.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';
import { isOnlyVanished } from './vanished.ts';

const FORMAT = '%y %m %D %i %n %s %b %U %G %T@ %C@ %p\\0%l\\0';
/** Of the format, before the name. */
const FIELDS = 11;
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
  const found = parseAll(stdout, sights);
  if (stdout.includes(REPLACED) || found.some((entries) => entries.some(({ mtime }) => mtime.startsWith('-'))))
    return list(host, sights, 'none', moving);
  return found;
}

/** Record by record and each into one object: there may be hundreds of thousands, and the service is down. */
function parseAll(stdout: string, sights: readonly Sight[]): readonly (readonly Raw[])[] {
  const placed = placing(sights);
  const shares = sights.map((): Raw[] => []);
  for (let at = 0; at < stdout.length; ) {
    const end = stdout.indexOf('\0', at);
    const next = stdout.indexOf('\0', end + 1) + 1;
    const fields: string[] = [];
    for (let field = 0; field < FIELDS; field += 1) {
      const space = stdout.indexOf(' ', at);
      fields.push(stdout.slice(at, space));
      at = space + 1;
    }
    const found = placed(escapeName(stdout.slice(at, end)));
    if (found !== undefined) shares[found.index]?.push(parse(fields, found.name, stdout.slice(end + 1, next - 1)));
    at = next;
  }
  return shares.map(inOrder);
}

function parse(fields: readonly string[], name: string, target: string): Raw {
  const [kind = '', mode = '', device = '', inode = '', links, size, blocks, uid, gid, written = '', changed = ''] =
    fields;
  const type = TYPES[kind] ?? 'special';
  const mtime = nanoseconds(written);
  return {
    name,
    type,
    size: type === 'file' ? Number(size) : 0,
    mode: Number.parseInt(mode, 8),
    uid: Number(uid),
    gid: Number(gid),
    mtime,
    ...(type === 'link' ? { target: escapeName(target) } : {}),
    device,
    inode,
    links: Number(links),
    // One text for both, as most often they are the same.
    ctime: changed === written ? mtime : nanoseconds(changed),
    allocated: Number(blocks) * 512,
  };
}

/** `find` has ten decimals, of which the last is always 0. */
function nanoseconds(time: string): string {
  return time.slice(0, -1);
}
