import { storePaths } from '../store/paths.ts';
import { whoAsks } from '../who-asks.ts';
import type { Workshop } from '../workshop.ts';

/** Does what no run may do at the same time, in this process. Rejects with E_LOCKED, naming who is at work. */
export async function underLock<T>(
  { host, stateDirectory }: Workshop,
  installation: string,
  command: string,
  act: () => Promise<T>,
): Promise<T> {
  const { identity, commands, clock } = host;
  const startTime = (await commands.startTimeOf(identity.pid)) ?? '';
  const who = whoAsks(identity.environment, identity.uid);
  const holder = { pid: identity.pid, startTime, since: clock.now().toISOString(), who, command };
  await using _lock = await host.lock.acquire(storePaths(stateDirectory, installation).lock, holder);
  return await act();
}
