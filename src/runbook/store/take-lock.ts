import type { Host } from '../../host/host.ts';
import type { LockHolder } from '../../host/lock.ts';
import type { StorePaths } from './paths.ts';

/** Holds an installation until it is disposed of, and says who does. Rejects with E_LOCKED. */
export async function takeLock(
  { clock, commands, identity, lock }: Pick<Host, 'clock' | 'commands' | 'identity' | 'lock'>,
  store: StorePaths,
  { who, command }: Pick<LockHolder, 'who' | 'command'>,
): Promise<AsyncDisposable> {
  const startTime = (await commands.startTimeOf(identity.pid)) ?? '';
  return lock.acquire(store.lock, { pid: identity.pid, startTime, since: clock.now().toISOString(), who, command });
}
