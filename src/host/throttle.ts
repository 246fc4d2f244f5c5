import { readFile } from 'node:fs/promises';
import { errnoOf } from './errno.ts';

const EVERY_MS = 25;

/**
 * Keeps a process group to a rate by stopping it for moments: what it has read and written is what the kernel counts of its leader
 * and of what that started. Source: proc_pid_io(5). No kernel limits a single process to a rate, and cgroups need a manager. Call what
 * is returned when it is over.
 */
export function throttle(leader: number, bytesPerSecond: number): () => void {
  const begun = performance.now();
  let isStopped = false;
  const send = (signal: 'SIGSTOP' | 'SIGCONT') => {
    try {
      process.kill(-leader, signal);
      isStopped = signal === 'SIGSTOP';
    } catch (cause) {
      if (errnoOf(cause) !== 'ESRCH') throw cause;
    }
  };
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async () => {
    const { read, written } = await transferred(leader);
    const dueMs = (Math.max(read, written) / bytesPerSecond) * 1000;
    const isAhead = dueMs > performance.now() - begun;
    if (isOver) return;
    if (isAhead !== isStopped) send(isAhead ? 'SIGSTOP' : 'SIGCONT');
    timer = setTimeout(look, EVERY_MS);
  };
  timer = setTimeout(look, EVERY_MS);
  return () => {
    isOver = true;
    clearTimeout(timer);
    if (isStopped) send('SIGCONT');
  };
}

interface Transferred {
  readonly read: number;
  readonly written: number;
}

/** Bytes of a process, of its children that have ended, and of those that have not. */
async function transferred(pid: number): Promise<Transferred> {
  const [io, children] = await Promise.all([text(`/proc/${pid}/io`), text(`/proc/${pid}/task/${pid}/children`)]);
  const below = await Promise.all((children.match(/\d+/g) ?? []).map((child) => transferred(Number(child))));
  const count = (key: string) => Number(new RegExp(`^${key}: (\\d+)$`, 'm').exec(io)?.[1] ?? 0);
  const own = { read: count('rchar'), written: count('wchar') };
  return below.reduce((sum, { read, written }) => ({ read: sum.read + read, written: sum.written + written }), own);
}

/** Empty for a process that has just ended. */
async function text(path: string): Promise<string> {
  try {
    return await readFile(path, 'latin1');
  } catch {
    return '';
  }
}
