import type { CommandResult } from '../host/commands.ts';
import type { Holds } from './holds.ts';
import { LARGE_BYTES } from './large.ts';
import { type DataHost, leftAlone, type Sight, startsOf } from './listing.ts';
import { type At, forMany, inputOf } from './many.ts';
import { escapeName } from './names.ts';
import type { Pace } from './pace.ts';
import { COPY_TIMEOUT_MS, literal } from './tools.ts';

const MAX_OUTPUT = 400 * 1024 * 1024;
const RECORD = /^([0-9a-f]{64}) {2}(.*)$/s;

/** As the digests name it: C-escaped. */
export function pathOf({ at, name }: At): string {
  return `${escapeName(at)}/${name}`;
}

/**
 * SHA-256 of the files at these places while they are in use, by path (C-escaped), but of the large ones that are read block by
 * block; without those that vanish meanwhile, and without names that are no strings. By a child: reading a held database in this
 * process would let go of it.
 */
export async function hotDigests(
  host: DataHost,
  sights: readonly Sight[],
  { locked }: Pick<Holds, 'locked'>,
  pace: Pace,
): Promise<ReadonlyMap<string, string>> {
  const starts = (await Promise.all(sights.map((sight) => startsOf(host.files, sight)))).flat();
  if (starts.length === 0) return new Map();
  const ours = [...locked].flatMap((path) => ['-o', '-path', literal(path)]);
  const whole = ['(', '-size', `-${LARGE_BYTES}c`, '-o', '-links', '+1', ...ours, ')'];
  const choice = ['-xdev', ...leftAlone(sights, starts), '-prune', '-o', '-type', 'f', ...whole];
  const hash = ['-exec', 'setpriv', '--pdeathsig', 'KILL', '--', 'sha256sum', '-z', '--', '{}', '+'];
  const result = await host.commands.query(
    ['env', 'LC_ALL=C', 'find', ...starts, '-ignore_readdir_race', ...choice, ...hash],
    { timeoutMs: COPY_TIMEOUT_MS, maxOutput: MAX_OUTPUT, ...pace },
  );
  return byPath(result);
}

/** The same of some files. */
export async function movingDigestsOf(
  { commands }: DataHost,
  files: readonly At[],
  pace: Pace,
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const input = inputOf(files);
  const maxOutput = input.length + files.length * 68;
  const argv = forMany(['sha256sum', '--zero', '--']);
  return byPath(await commands.query(argv, { timeoutMs: COPY_TIMEOUT_MS, maxOutput, input, ...pace }));
}

function byPath({ stdout }: CommandResult): ReadonlyMap<string, string> {
  const records = stdout.split('\0').map((record) => RECORD.exec(record));
  return new Map(records.flatMap((found) => (found?.[1] && found[2] ? [[escapeName(found[2]), found[1]]] : [])));
}
