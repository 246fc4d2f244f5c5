import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { digestOfBlocks } from './content.ts';
import { parseStat, type Raw } from './entry.ts';
import { escapeName, unescapeName } from './names.ts';
import { ALWAYS_LEFT, type Place } from './place.ts';
import { COPY_TIMEOUT_MS, literal } from './tools.ts';
import { isOnlyVanished } from './vanished.ts';

export type DataHost = Pick<Host, 'files' | 'commands' | 'clock' | 'sqlite'>;

/** A place looked at somewhere: live, in a generation, in a staging folder. `at` stands for the place's directory. */
export interface Sight {
  readonly place: Place;
  readonly at: string;
}

/**
 * Reading a large file in this process is over twice as fast as Debian's sha256sum (no OpenSSL in it): 0.5 against 1.1 s per
 * 500 MB. A child for the small ones: 1,000 of them cost one process. Reading a database's file in this process would drop the
 * POSIX locks of a handle of ours on it; none is open while the service is stopped, and this room opens none.
 */
const LARGE = 1024 * 1024;
const MAX_OUTPUT = 400 * 1024 * 1024;

/** The paths to walk. An absent place has none. */
export async function startsOf(files: Host['files'], { place, at }: Sight): Promise<readonly string[]> {
  const candidates = place.names?.map((name) => `${at}/${name}`) ?? [at];
  const found = await Promise.all(candidates.map((path) => files.stat(path)));
  return candidates.filter((_, index) => found[index] !== undefined);
}

/** The words of `find` that are true of what is left alone, but not of a start: a name left out of one item may be another item. */
export function leftAlone(sights: readonly Sight[], starts: readonly string[]): readonly string[] {
  const paths = sights
    .filter(({ place }) => place.names === undefined)
    .flatMap(({ place, at }) =>
      [...ALWAYS_LEFT, ...place.exclude.map(literal)].flatMap((pattern) => [
        '-path',
        `${literal(at)}/${pattern}`,
        '-o',
      ]),
    );
  return ['(', '(', ...paths, '-false', ')', ...starts.flatMap((start) => ['!', '-path', literal(start)]), ')'];
}

export const STAT_FORMAT = 'S %f %d %i %h %s %b %u %g %.9Y %.9Z %N\\0';
const STAT = ['-exec', 'stat', '--printf', STAT_FORMAT, '--', '{}', '+'];

/**
 * Everything at these places, sorted by name, in one child (which starts `stat` and `sha256sum` a few times). Names come as
 * C escapes, digests in the order of the files: no name of odd bytes ever has to be understood. `moving`, without digests only:
 * what vanishes meanwhile is not there. A set: of the files with these paths (C-escaped) the digest of their blocks.
 */
export async function list(
  host: DataHost,
  sights: readonly Sight[],
  digests: 'none' | 'all' | ReadonlySet<string>,
  moving = false,
): Promise<readonly (readonly Raw[])[]> {
  const inBlocks = typeof digests === 'string' ? new Set<string>() : digests;
  return listBelow(host, sights, { large: digests === 'none' ? 0 : LARGE, inBlocks, moving });
}

interface Looking {
  /** Bytes from which on this process reads a file itself; 0: nothing is read. */
  readonly large: number;
  readonly inBlocks: ReadonlySet<string>;
  readonly moving: boolean;
}

async function listBelow(
  host: DataHost,
  sights: readonly Sight[],
  { large, inBlocks, moving }: Looking,
): Promise<readonly (readonly Raw[])[]> {
  const starts = await Promise.all(sights.map((sight) => startsOf(host.files, sight)));
  if (starts.flat().length === 0) return sights.map(() => []);
  const small = large === Number.POSITIVE_INFINITY ? [] : ['-size', `-${large}c`];
  const hash = large === 0 ? [] : ['-type', 'f', ...small, '-exec', 'sha256sum', '-z', '--', '{}', '+'];
  const { exitCode, stdout, stderr } = await host.commands.query(
    [
      'env',
      'LC_ALL=C',
      'QUOTING_STYLE=c',
      'find',
      ...starts.flat(),
      '-xdev',
      ...leftAlone(sights, starts.flat()),
      '-prune',
      '-o',
      ...STAT,
      ...hash,
    ],
    { timeoutMs: COPY_TIMEOUT_MS, maxOutput: MAX_OUTPUT },
  );
  const whole = (exitCode === 0 || (moving && isOnlyVanished(stderr))) && stdout.endsWith('\0');
  if (!whole) throw unreadable(sights, stderr);
  const records = stdout.slice(0, -1).split('\0');
  const raw = records.filter((record) => record.startsWith('S ')).map(parseStat);
  const sums = records.filter((record) => !record.startsWith('S ')).map((record) => /[0-9a-f]{64}/.exec(record)?.[0]);
  const hashed: Raw[] = [];
  let next = 0;
  for (const entry of raw) {
    if (large === 0 || entry.type !== 'file') {
      hashed.push(entry);
      continue;
    }
    const sum = entry.size < large ? (sums[next++] ?? '') : undefined;
    const path = unescapeName(entry.name);
    const isInBlocks = inBlocks.has(entry.name) && path !== undefined;
    // A large file whose name is no string: let the child read everything.
    if (sum === undefined && path === undefined)
      return listBelow(host, sights, { large: Number.POSITIVE_INFINITY, inBlocks, moving });
    if (isInBlocks) hashed.push({ ...entry, blocks: digestOfBlocks(await host.files.blockDigests(path)) });
    else if (sum !== undefined) hashed.push({ ...entry, sha256: sum });
    else hashed.push({ ...entry, sha256: (await host.files.digest(path ?? '')).sha256 });
  }
  // A size that changed between `stat` and `sha256sum` would shift every digest after it.
  if (next !== sums.length) throw unreadable(sights, `${sums.length} digests for ${next} files`);
  return share(sights, hashed);
}

/** Gives each entry to the innermost place it lies in, its name relative to that. */
export function share(sights: readonly Sight[], entries: readonly Raw[]): readonly (readonly Raw[])[] {
  const placed = placing(sights);
  const shares = sights.map((): Raw[] => []);
  for (const entry of entries) {
    const found = placed(entry.name);
    if (found !== undefined) shares[found.index]?.push({ ...entry, name: found.name });
  }
  return shares.map(inOrder);
}

/** Where a path (C-escaped) belongs: the index of its sight, and its name there. */
export function placing(
  sights: readonly Sight[],
): (path: string) => { readonly index: number; readonly name: string } | undefined {
  const prefixes = sights
    .map(({ place, at }, index) => ({ at: escapeName(at), index, names: place.names?.map(escapeName) }))
    .sort((a, b) => b.at.length - a.at.length || Number(b.names !== undefined) - Number(a.names !== undefined));
  return (path) => {
    for (const { at, index, names } of prefixes) {
      if (!path.startsWith(at)) continue;
      const name = path.length === at.length ? '' : path[at.length] === '/' ? path.slice(at.length + 1) : undefined;
      if (name !== undefined && (names === undefined || names.includes(name))) return { index, name };
    }
    return undefined;
  };
}

/** By name, each once: what is named twice is walked twice. Sorts in place, there may be hundreds of thousands. */
export function inOrder(entries: Raw[]): readonly Raw[] {
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  return entries.filter(({ name }, index) => name !== entries[index + 1]?.name);
}

export function unreadable(sights: readonly Sight[], stderr: string): RefitError {
  const saw = stderr.trim().split('\n').at(-1) || 'output that was cut';
  const where = sights.map(({ at }) => at).join(', ');
  return new RefitError('E_FILE', `Cannot read all of ${where}: saw "${saw}", expected every file to be readable`, {
    hint: 'Stop whatever else writes there, and look at the disk if it says Input/output error',
    facts: { where },
  });
}
