import { RefitError } from '../errors.ts';
import type { Host } from '../host/host.ts';
import { digestOfBlocks } from './content.ts';
import type { Raw } from './entry.ts';
import { Listed } from './listed.ts';
import { escapeName, unescapeName } from './names.ts';
import { ALWAYS_LEFT } from './place.ts';
import type { Sight } from './sight.ts';
import { COPY_TIMEOUT_MS, literal } from './tools.ts';
import { isOnlyVanished } from './vanished.ts';

export type DataHost = Pick<Host, 'files' | 'commands' | 'clock' | 'sqlite'>;

/**
 * Reading a large file in this process is over twice as fast as Debian's sha256sum (no OpenSSL in it): 0.5 against 1.1 s per
 * 500 MB. A child for the small ones: 1,000 of them cost one process. Reading a database's file in this process would drop the
 * POSIX locks of a handle of ours on it; none is open while the service is stopped, and this room opens none.
 */
const LARGE = 1024 * 1024;

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
  const listed = new Listed(sights, large);
  const { exitCode, stderr } = await host.commands.query(
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
    { timeoutMs: COPY_TIMEOUT_MS, onOutput: (part) => listed.push(part) },
  );
  const isComplete = exitCode === 0 || (moving && isOnlyVanished(stderr));
  if (!isComplete || !listed.isWhole) throw unreadable(sights, stderr);
  // A size that changed between `stat` and `sha256sum` would shift every digest after it.
  if (listed.missing !== 0) throw unreadable(sights, `digests for ${listed.missing} files too few or too many`);
  for (const [index, entries] of listed.shares.entries()) {
    const at = escapeName(sights[index]?.at ?? '');
    for (const entry of large === 0 ? [] : entries.filter(({ type }) => type === 'file')) {
      const escaped = entry.name === '' ? at : `${at}/${entry.name}`;
      const isInBlocks = inBlocks.has(escaped);
      if (entry.sha256 !== undefined && !isInBlocks) continue;
      const path = unescapeName(escaped);
      // A large file whose name is no string: let the child read everything.
      if (path === undefined && entry.sha256 === undefined)
        return listBelow(host, sights, { large: Number.POSITIVE_INFINITY, inBlocks, moving });
      if (path === undefined) continue;
      if (isInBlocks) {
        delete entry.sha256;
        entry.blocks = digestOfBlocks(await host.files.blockDigests(path));
      } else entry.sha256 = (await host.files.digest(path)).sha256;
    }
  }
  return listed.shares.map(inOrder);
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
