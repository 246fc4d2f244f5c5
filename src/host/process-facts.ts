import { readFile } from 'node:fs/promises';
import { errnoOf } from './errno.ts';

/**
 * Field 22 of /proc/PID/stat; `undefined` too for a zombie, which runs no more but keeps its place until it is reaped (and
 * in a container whose first process reaps nobody, for ever). The name in field 2 may hold spaces and brackets.
 * Source: proc_pid_stat(5).
 */
export function startTimeIn(stat: string): string | undefined {
  const [state, ...rest] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return state === 'Z' || state === 'X' ? undefined : rest[18];
}

export async function startTimeOf(pid: number): Promise<string | undefined> {
  try {
    return startTimeIn(await readFile(`/proc/${pid}/stat`, 'latin1'));
  } catch (cause) {
    // ESRCH: it ended between open and read.
    if (errnoOf(cause) === 'ENOENT' || errnoOf(cause) === 'ESRCH') return undefined;
    throw cause;
  }
}
