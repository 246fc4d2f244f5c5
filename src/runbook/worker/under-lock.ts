import { storePaths } from '../store/paths.ts';
import { takeLock } from '../store/take-lock.ts';
import { whoAsks } from '../who-asks.ts';
import type { Workshop } from '../workshop.ts';

/** Does what no run may do at the same time, in this process. Rejects with E_LOCKED, naming who is at work. */
export async function underLock<T>(
  { host, stateDirectory }: Workshop,
  installation: string,
  command: string,
  act: () => Promise<T>,
): Promise<T> {
  const who = whoAsks(host.identity.environment, host.identity.uid);
  await using _lock = await takeLock(host, storePaths(stateDirectory, installation), { who, command });
  return await act();
}
