import { RefitError } from '../errors.ts';
import type { CommandResult } from '../host/commands.ts';
import { parseStat, type Raw } from './entry.ts';
import { type DataHost, STAT_FORMAT } from './listing.ts';
import { type At, forMany, inputOf } from './many.ts';
import { unescapeName } from './names.ts';
import { signatureOf, signatureOfStat } from './remember.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';

/** An entry as it was seen, and where. */
export interface Seen extends At {
  readonly entry: Raw;
}

/** SHA-256 of files, in their order. By a child: some belong to databases that are held. */
export async function digestsOf({ commands }: DataHost, files: readonly Seen[]): Promise<readonly string[]> {
  if (files.length === 0) return [];
  const argv = forMany(['sha256sum', '--zero', '--']);
  const result = await commands.query(argv, { timeoutMs: COPY_TIMEOUT_MS, ...outputFor(files), input: inputOf(files) });
  const sums = recordsOf(result).map((record) => record.slice(0, 64));
  if (result.exitCode !== 0 || sums.length !== files.length) throw changed(files[0], result.stderr);
  return sums;
}

/** A child costs more than so many looks of our own; to look, unlike to read, lets go of no held database. */
const FEW = 64;

/** Refuses where `stat` says otherwise than when it was seen: somebody writes, and the copy is of neither. */
export async function refuseChanged(host: DataHost, seen: readonly Seen[]): Promise<void> {
  if (seen.length === 0) return;
  const signatures = (seen.length <= FEW && (await ownLooks(host, seen))) || (await looksOfChild(host, seen));
  const differing = seen.find(({ entry }, index) => signatures[index] !== signatureOf(entry));
  if (differing !== undefined) throw changed(differing, '');
}

/** Undefined where a name is no string, or a time lies before 1970. */
async function ownLooks({ files }: DataHost, seen: readonly Seen[]): Promise<readonly string[] | undefined> {
  const names = seen.flatMap(({ name }) => unescapeName(name) ?? []);
  if (names.length < seen.length || seen.some(({ entry }) => entry.mtime.startsWith('-'))) return undefined;
  const looks = await Promise.all(names.map((name, index) => files.stat(`${seen[index]?.at}/${name}`)));
  return looks.map((look) => (look === undefined ? '' : signatureOfStat(look)));
}

async function looksOfChild({ commands }: DataHost, seen: readonly Seen[]): Promise<readonly string[]> {
  const result = await commands.query(
    ['env', 'LC_ALL=C', 'QUOTING_STYLE=c', ...forMany(['stat', '--printf', STAT_FORMAT, '--'])],
    { timeoutMs: COPY_TIMEOUT_MS, ...outputFor(seen), input: inputOf(seen) },
  );
  // One that is gone has no record, and shifts those after it: they differ too.
  return recordsOf(result).map((record) => {
    const look = parseStat(record);
    return look === undefined ? '' : signatureOf(look);
  });
}

function outputFor(names: readonly Seen[]): { readonly maxOutput: number } {
  return { maxOutput: names.reduce((sum, { at, name }) => sum + at.length + name.length + 512, 0) };
}

function recordsOf({ stdout }: CommandResult): readonly string[] {
  return stdout.split('\0').slice(0, -1);
}

function changed(seen: Seen | undefined, stderr: string): RefitError {
  const path = `${seen?.at}/${seen?.name}`;
  const saw = stderr.trim().split('\n').at(-1) || 'it change';
  return new RefitError('E_DATA_CHANGED', `Cannot copy ${path}: saw ${saw}, expected data at rest`, {
    hint: `Stop whatever writes there: fuser -vm ${seen?.at}`,
    facts: { path },
  });
}
