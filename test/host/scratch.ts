import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { nodeClock } from '../../src/host/node-clock.ts';

export const isRoot = process.getuid?.() === 0;

/** A directory of its own for the running test. */
export function scratch(): string {
  const path = realpathSync(mkdtempSync(join(tmpdir(), 'refit-host-')));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}

/** A file system of its own at `path`, for the running test: root only. */
export function mountTmpfs(path: string, options: string): void {
  execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  onTestFinished(() => void execFileSync('umount', [path]));
}

/** Shows the directory `from` at `path` too, for the running test: root only. */
export function mountBind(from: string, path: string): void {
  execFileSync('mount', ['--bind', from, path]);
  onTestFinished(() => void execFileSync('umount', [path]));
}

/** Looks again until it is so; the test's own time limit ends the waiting. */
export async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await nodeClock.sleep(10);
}
