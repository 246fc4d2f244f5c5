import { posix } from 'node:path';
import type { Files } from '../host/files.ts';
import { realFile } from './real-path.ts';

export function stagingPath(realPath: string, run: string): string {
  return `${posix.dirname(realPath)}/.refit-${run}`;
}

/** See `Layout.stageDirectory`. */
export async function stageDirectory(files: Files, target: string, run: string): Promise<string> {
  const directory = stagingPath(await realFile(files, target), run);
  await files.makeDirectory(posix.dirname(directory), { mode: 0o755 });
  await files.makeDirectory(directory, { mode: 0o700 });
  return directory;
}

/** See `Layout.sweep`. */
export async function sweep(files: Files, targets: readonly string[], run: string): Promise<void> {
  const real = await Promise.all(targets.map((target) => realFile(files, target)));
  await removeAll(files, [...new Set(real.map((path) => stagingPath(path, run)))]);
}

/** One that cannot be removed does not keep the others. */
async function removeAll(files: Files, [first, ...rest]: readonly string[]): Promise<void> {
  if (first === undefined) return;
  try {
    await files.removeTree(first);
  } finally {
    await removeAll(files, rest);
  }
}
