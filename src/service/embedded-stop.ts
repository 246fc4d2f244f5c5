import { RefitError } from '../errors.ts';
import { isAlive, type ProcessName, sessionOf } from './embedded-process.ts';
import { type EmbeddedParts, embeddedState, serverOf } from './embedded-state.ts';
import type { ServiceState, Stopped } from './service.ts';

const POLL_MS = 5;
/** A killed process is gone as soon as the kernel gets to it, unless it hangs in the kernel. */
const KILL_MS = 10_000;

/** See `ServiceManager.stop`. */
export async function stopEmbedded(parts: EmbeddedParts, timeoutMs: number): Promise<Stopped> {
  const { host, config, paths } = parts;
  const { commands, clock, files } = host;
  const began = clock.monotonic();
  const server = await serverOf(parts);
  let killed = false;
  let remaining: readonly number[] = [];
  if (server !== undefined) {
    await commands.signal(server.pid, 'SIGTERM');
    if (!(await ended(parts, server, Math.min(config.stopTimeoutMs, timeoutMs)))) {
      killed = true;
      await commands.signal(server.pid, 'SIGKILL');
      if (!(await ended(parts, server, KILL_MS))) throw stillAlive(config.unit, server.pid);
    }
    remaining = await endSession(parts, server);
  }
  const ms = clock.monotonic() - began;
  await files.remove(paths.pid);
  const state = await stateOnceDead(parts, server === undefined ? 0 : KILL_MS);
  if (state.activity !== 'inactive') throw stillAlive(config.unit, undefined);
  return { ms, killed, remaining, state };
}

async function ended({ host }: EmbeddedParts, server: ProcessName, withinMs: number): Promise<boolean> {
  const deadline = host.clock.monotonic() + withinMs;
  while (await isAlive(host.commands, server)) {
    if (host.clock.monotonic() > deadline) return false;
    await host.clock.sleep(POLL_MS);
  }
  return true;
}

/**
 * Whatever it started is of the service and must not write on: systemd would end it with the control group. A killed process is
 * listed until the kernel has got to it, on a busy machine for a while, and one that was forked meanwhile is met by the next look.
 */
async function endSession({ host }: EmbeddedParts, { pid: leader }: ProcessName): Promise<readonly number[]> {
  const { files, commands, clock } = host;
  const deadline = clock.monotonic() + KILL_MS;
  const killed = new Set<number>();
  for (;;) {
    const left = await sessionOf(files, leader);
    if (left.length === 0 || clock.monotonic() >= deadline) return left;
    for (const pid of left) if (!killed.has(pid)) await commands.signal(pid, 'SIGKILL');
    for (const pid of left) killed.add(pid);
    await clock.sleep(POLL_MS);
  }
}

/** On a busy machine a process is a zombie some time before the last of its threads has let go of the lock. */
async function stateOnceDead(parts: EmbeddedParts, withinMs: number): Promise<ServiceState> {
  const { clock } = parts.host;
  const deadline = clock.monotonic() + withinMs;
  for (;;) {
    const state = await embeddedState(parts);
    if (state.activity === 'inactive' || clock.monotonic() >= deadline) return state;
    await clock.sleep(POLL_MS);
  }
}

function stillAlive(unit: string, pid: number | undefined): RefitError {
  const saw = pid === undefined ? 'a process that still holds its lock' : `process ${pid} alive after SIGKILL`;
  return new RefitError('E_SERVICE_STOP', `Cannot stop ${unit}: saw ${saw}`, {
    hint: 'ps -ef shows it; end it, then run the same command again',
    facts: { unit },
  });
}
