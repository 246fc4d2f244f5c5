import { RefitError } from '../errors.ts';
import type { Commands } from '../host/commands.ts';
import type { Files } from '../host/files.ts';

/** One process for ever: a pid alone is given again. */
export interface ProcessName {
  readonly pid: number;
  /** As `Commands.startTimeOf`. */
  readonly startTime: string;
}

const MAX_BYTES = 4096;

async function unless<T>(codes: readonly string[], look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RefitError && codes.includes(error.code)) return undefined;
    throw error;
  }
}

/** What the launcher wrote: pid and start time, a line each. `undefined` where it is not there or not whole. */
export async function readPidFile(files: Files, path: string): Promise<ProcessName | undefined> {
  const text = (await unless(['E_NOT_FOUND'], () => files.read(path, { maxBytes: MAX_BYTES })))?.toString() ?? '';
  const [, pid, startTime] = /^(\d+)\n(\d+)\n$/.exec(text) ?? [];
  return pid === undefined || startTime === undefined ? undefined : { pid: Number(pid), startTime };
}

export const isAlive = async (commands: Commands, { pid, startTime }: ProcessName): Promise<boolean> =>
  (await commands.startTimeOf(pid)) === startTime;

/**
 * Alive, and the lock file is open in it: after a reboot another process may have the same pid, and on a machine that boots
 * the same way every time even the same start time.
 */
export async function holdsLock(
  { files, commands }: { files: Files; commands: Commands },
  name: ProcessName,
  lock: string,
): Promise<boolean> {
  if (!(await isAlive(commands, name))) return false;
  const directory = `/proc/${name.pid}/fd`;
  const gone = ['E_NOT_FOUND', 'E_FILE'];
  for (const fd of (await unless(gone, () => files.list(directory))) ?? []) {
    if ((await unless(gone, () => files.readLink(`${directory}/${fd}`))) === lock) return true;
  }
  return false;
}

/** Living processes of the session that the launcher began: the server's children, also after it is gone. */
export async function sessionOf(files: Files, leader: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (const entry of await files.list('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const stat = await unless(['E_NOT_FOUND', 'E_FILE'], () =>
      files.read(`/proc/${entry}/stat`, { maxBytes: MAX_BYTES }),
    );
    const [state, , , session] = (stat?.toString('latin1') ?? '').replace(/^.*\) /s, '').split(' ');
    if (session === String(leader) && state !== 'Z' && state !== 'X') found.push(Number(entry));
  }
  return found;
}
