import type { Raw } from './entry.ts';
import { FOUND_FORMAT, Found, type Known } from './found.ts';
import { type DataHost, inOrder, leftAlone, list, startsOf, unreadable } from './listing.ts';
import type { Sight } from './sight.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';
import { isOnlyVanished } from './vanished.ts';

export interface Looks {
  /** What vanishes meanwhile is not there. */
  readonly moving?: boolean;
  readonly known?: Known;
}

/**
 * What `list` says without digests, in less than half of its time: `find` says it itself, though it escapes no names. Where a
 * time lies before 1970, `list` must do.
 */
export async function scan(
  host: DataHost,
  sights: readonly Sight[],
  { moving = false, known = () => undefined }: Looks = {},
): Promise<readonly (readonly Raw[])[]> {
  const starts = (await Promise.all(sights.map((sight) => startsOf(host.files, sight)))).flat();
  if (starts.length === 0) return sights.map(() => []);
  const choice = ['-xdev', ...leftAlone(sights, starts), '-prune', '-o', '-printf', FOUND_FORMAT];
  const found = new Found(sights, known);
  const { exitCode, stderr } = await host.commands.query(
    ['env', 'LC_ALL=C', 'find', ...starts, ...(moving ? ['-ignore_readdir_race'] : []), ...choice],
    { timeoutMs: COPY_TIMEOUT_MS, onOutput: (part) => found.push(part) },
  );
  const isComplete = exitCode === 0 || (moving && exitCode === 1 && isOnlyVanished(stderr));
  if (!isComplete || !found.isWhole) throw unreadable(sights, stderr);
  return found.isEarly ? list(host, sights, 'none', moving) : found.shares.map(inOrder);
}
