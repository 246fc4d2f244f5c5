import { type DataHost, leftAlone, type Sight, startsOf } from './listing.ts';
import { escapeName } from './names.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';

const MAX_OUTPUT = 400 * 1024 * 1024;
const RECORD = /^([0-9a-f]{64}) {2}(.*)$/s;

/**
 * SHA-256 of every file at these places while they are in use, by its path (C-escaped); without those that vanish meanwhile, and
 * without names that are no strings. By a child, whatever their size: reading a held database in this process would let go of it.
 */
export async function hotDigests(
  host: DataHost,
  sights: readonly Sight[],
  background: boolean,
): Promise<ReadonlyMap<string, string>> {
  const starts = (await Promise.all(sights.map((sight) => startsOf(host.files, sight)))).flat();
  if (starts.length === 0) return new Map();
  const choice = ['-xdev', ...leftAlone(sights, starts), '-prune', '-o', '-type', 'f'];
  const hash = ['-exec', 'setpriv', '--pdeathsig', 'KILL', '--', 'sha256sum', '-z', '--', '{}', '+'];
  const { stdout } = await host.commands.query(
    ['env', 'LC_ALL=C', 'find', ...starts, '-ignore_readdir_race', ...choice, ...hash],
    { timeoutMs: COPY_TIMEOUT_MS, maxOutput: MAX_OUTPUT, background },
  );
  const records = stdout.split('\0').map((record) => RECORD.exec(record));
  return new Map(records.flatMap((found) => (found?.[1] && found[2] ? [[escapeName(found[2]), found[1]]] : [])));
}
