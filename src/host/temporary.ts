import { randomBytes } from 'node:crypto';
import { readdir, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errnoOf } from './errno.ts';

const PREFIX = '.refit-tmp-';

/** A name beside `path` that nobody can foresee. Not made from its name, which may be 255 bytes long already. */
export function temporaryBeside(path: string): string {
  return join(dirname(path), `${PREFIX}${process.pid}-${randomBytes(8).toString('hex')}`);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errnoOf(cause) === 'EPERM';
  }
}

/** Removes what writers that were killed left in this directory; a living writer's file stays. */
export async function sweepTemporaries(directory: string): Promise<void> {
  for (const name of await readdir(directory)) {
    const pid = name.startsWith(PREFIX) ? Number.parseInt(name.slice(PREFIX.length), 10) : Number.NaN;
    if (Number.isNaN(pid) || isAlive(pid)) continue;
    await unlink(join(directory, name)).catch((cause: unknown) => {
      if (errnoOf(cause) !== 'ENOENT') throw cause;
    });
  }
}
