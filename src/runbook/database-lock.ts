import type { Stranger } from '../service/service.ts';
import type { World } from './world.ts';

type Looking = Pick<World, 'databases' | 'facts' | 'host' | 'service'>;

/** A transaction of another program that lasts so long is no passing one. */
const LASTING_MS = 1_500;
const EVERY_MS = 50;

/**
 * Another program than the service that holds the write lock of its database, and goes on holding it: neither the old
 * version at its stop nor the migration of the new one could write then, and the release would be blamed.
 */
export async function databaseLock(looking: Looking): Promise<string | undefined> {
  const { database, installation } = looking.facts;
  if (database === undefined) return undefined;
  const { clock } = looking.host;
  const until = clock.monotonic() + LASTING_MS;
  let holders = await holdersOf(looking, database.path);
  while (holders.length > 0 && clock.monotonic() < until) {
    await clock.sleep(EVERY_MS);
    const now = await holdersOf(looking, database.path);
    holders = holders.filter(({ pid }) => now.some((one) => one.pid === pid));
  }
  if (holders.length === 0) return undefined;
  const names = holders.map(({ pid, unit }) => (unit === undefined ? `${pid}` : `${pid} of ${unit}`));
  return `process ${names.join(', ')} holds the write lock of ${database.path}, and is not of ${installation.unit}`;
}

async function holdersOf({ databases, facts, service }: Looking, path: string): Promise<readonly Stranger[]> {
  const pids = await databases.writers(path);
  return pids.length === 0 ? [] : service.outside(facts.installation.unit, pids);
}
