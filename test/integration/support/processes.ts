import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Processes whose command line names `text`: a directory of a test's own, so they are of that test. */
export function processesNaming(text: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => readIfThere(`/proc/${pid}/cmdline`).includes(text))
    .map(Number);
}

export function commandLine(pid: number): readonly string[] {
  return readIfThere(`/proc/${pid}/cmdline`).split('\0').slice(0, -1);
}

/** Kills them all, also those that they start meanwhile, and resolves when none is left. */
export async function killNaming(text: string): Promise<void> {
  for (let pids = processesNaming(text); pids.length > 0; pids = processesNaming(text)) {
    for (const pid of pids) signal(pid, 'SIGKILL');
    await delay(5);
  }
}

/** A process that ended just now has nobody to tell. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

export async function until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 120_000; !(await holds()); await delay(10)) {
    if (Date.now() > deadline) throw new Error(`never came: ${what}`);
  }
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
