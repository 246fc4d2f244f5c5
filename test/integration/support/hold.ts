import fs from 'node:fs';
import path from 'node:path';
import { signal, until } from './processes.ts';
import type { Scene } from './scene.ts';

/** Instead of bin/refit.js, where a worker is to hold still. */
export const HELD = path.join(import.meta.dirname, 'held.ts');

/** The worker of the next command holds still once it has written that record: "step.end swap-files". */
export function holdAt({ directory }: Scene, point: string): void {
  fs.rmSync(path.join(directory, 'held-at'), { force: true });
  fs.writeFileSync(path.join(directory, 'hold-at'), point);
}

/** Waits until it does; returns its process. `viewer`: what was typed, which cannot end before. */
export async function heldWorker(scene: Scene, viewer: Promise<unknown>): Promise<number> {
  let ended: unknown;
  void viewer.then((outcome) => {
    ended = outcome ?? 'ended';
  });
  await until('the worker holds still', () => {
    if (ended !== undefined) throw new Error(`never held still: ${JSON.stringify(ended)}`);
    return fs.existsSync(path.join(scene.directory, 'held-at'));
  });
  const pid = workerOf(scene);
  await until('the worker is stopped', () => /\) T /.test(fs.readFileSync(`/proc/${pid}/stat`, 'latin1')));
  return pid;
}

/** The process that holds the lock, as it says itself. */
export function workerOf({ state }: Scene): number {
  return (JSON.parse(fs.readFileSync(path.join(state, 'run.lock.json'), 'utf8')) as { pid: number }).pid;
}

export function goOn(worker: number): void {
  signal(worker, 'SIGCONT');
}
