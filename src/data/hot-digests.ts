import type { Argv, CommandOptions } from '../host/commands.ts';
import type { Holds } from './holds.ts';
import { LARGE_BYTES } from './large.ts';
import { type DataHost, leftAlone, startsOf } from './listing.ts';
import { type At, forMany, inputOf } from './many.ts';
import { escapeBytes, escapeName } from './names.ts';
import type { Pace } from './pace.ts';
import { placing, type Sight } from './sight.ts';
import { COPY_TIMEOUT_MS, literal } from './tools.ts';

/** Hexadecimal, then two blanks. */
const SUM_LENGTH = 64;

/** As the digests name it: C-escaped. */
export function pathOf({ at, name }: At): string {
  return `${escapeName(at)}/${name}`;
}

/**
 * SHA-256 of the files at these places while they are in use, of each place by name (C-escaped), but of the large ones that are read
 * block by block; without those that vanish meanwhile. By a child: reading a held database in this process would let go of it.
 */
export async function hotDigests(
  host: DataHost,
  sights: readonly Sight[],
  { locked }: Pick<Holds, 'locked'>,
  pace: Pace,
): Promise<readonly ReadonlyMap<string, string>[]> {
  const sums = sights.map(() => new Map<string, string>());
  const starts = (await Promise.all(sights.map((sight) => startsOf(host.files, sight)))).flat();
  if (starts.length === 0) return sums;
  const ours = [...locked].flatMap((path) => ['-o', '-path', literal(path)]);
  const whole = ['(', '-size', `-${LARGE_BYTES}c`, '-o', '-links', '+1', ...ours, ')'];
  const choice = ['-xdev', ...leftAlone(sights, starts), '-prune', '-o', '-type', 'f', ...whole];
  const hash = ['-exec', 'setpriv', '--pdeathsig', 'KILL', '--', 'sha256sum', '-z', '--', '{}', '+'];
  const placed = placing(sights);
  const argv: Argv = ['env', 'LC_ALL=C', 'find', ...starts, '-ignore_readdir_race', ...choice, ...hash];
  await digestsBy(host, argv, pace, (path, sha256) => {
    const found = placed(path);
    if (found !== undefined) sums[found.index]?.set(found.name, sha256);
  });
  return sums;
}

/** The same of some files, by path (C-escaped). */
export async function movingDigestsOf(
  host: DataHost,
  files: readonly At[],
  pace: Pace,
): Promise<ReadonlyMap<string, string>> {
  const sums = new Map<string, string>();
  if (files.length === 0) return sums;
  const argv = forMany(['sha256sum', '--zero', '--']);
  await digestsBy(host, argv, { ...pace, input: inputOf(files) }, (path, sha256) => sums.set(path, sha256));
  return sums;
}

/** Record by record: there may be hundreds of thousands. What is no record, as of what vanished, is passed over. */
async function digestsBy(
  { commands }: DataHost,
  argv: Argv,
  options: Pace & Pick<CommandOptions, 'input'>,
  note: (path: string, sha256: string) => void,
): Promise<void> {
  let rest = Buffer.alloc(0);
  const onOutput = (part: Uint8Array): void => {
    const bytes = Buffer.concat([rest, part]);
    let at = 0;
    for (let end = bytes.indexOf(0, at); end >= 0; end = bytes.indexOf(0, at)) {
      const name = at + SUM_LENGTH + 2;
      if (name < end) note(escapeBytes(bytes, name, end), bytes.toString('latin1', at, at + SUM_LENGTH));
      at = end + 1;
    }
    rest = Buffer.from(bytes.subarray(at));
  };
  await commands.query(argv, { timeoutMs: COPY_TIMEOUT_MS, ...options, onOutput });
}
