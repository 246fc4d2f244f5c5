import { readFile, realpath } from 'node:fs/promises';
import { RefitError } from '../errors.ts';
import { errnoOf } from './errno.ts';

export const MOUNTINFO = '/proc/self/mountinfo';

/** Field 5 of each line, its octal escapes (space, tab, newline, backslash) undone. Source: proc_pid_mountinfo(5). */
export function mountPoints(mountinfo: string): readonly string[] {
  return mountinfo
    .split('\n')
    .map((line) => line.split(' ')[4])
    .filter((field) => field !== undefined)
    .map((field) =>
      field.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))),
    );
}

/** See `Files.mounts`. */
export async function mounts(): Promise<readonly string[]> {
  try {
    return mountPoints(await readFile(MOUNTINFO, 'latin1'));
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return [];
    throw cause;
  }
}

/**
 * Refuses where something is mounted at `path` or below it. Comparing device numbers is not enough: a bind mount of the same
 * file system has the same one, and what a container keeps there would be lost.
 */
export async function refuseMounts(action: string, path: string): Promise<void> {
  const real = (await realpath(path, { encoding: 'buffer' })).toString('latin1');
  const inside = (await mounts()).find((point) => point === real || point.startsWith(`${real}/`));
  if (inside === undefined) return;
  const shown = Buffer.from(inside, 'latin1').toString();
  throw new RefitError('E_FILE', `Cannot ${action}: saw a mount at ${shown}, expected none`, {
    hint: `Look at findmnt ${shown}; unmount it if it should go`,
    facts: { path, mount: shown },
  });
}
