import { constants } from 'node:fs';
import { access, realpath, stat } from 'node:fs/promises';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { errnoOf } from './errno.ts';

/** Never the caller's: sudo, cron and a root shell each have another one. */
export const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch (cause) {
    if (errnoOf(cause) === undefined) throw cause;
    return false;
  }
}

/** The absolute path of a program: searched if it is a bare name, resolved from `cwd` if it has a slash. */
export async function findProgram(program: string, path = SYSTEM_PATH, cwd = '/'): Promise<string | undefined> {
  const candidates = program.includes('/')
    ? [resolve(cwd, program)]
    : path
        .split(':')
        .filter(isAbsolute)
        .map((directory) => join(directory, program));
  for (const candidate of candidates) if (await isExecutable(candidate)) return candidate;
  return undefined;
}

/** What a child is wrapped in, each where this host has it. */
export interface Wrappers {
  readonly setpriv: string | undefined;
  readonly nice: string | undefined;
  readonly ionice: string | undefined;
  readonly shell: string | undefined;
}

export async function findWrappers(): Promise<Wrappers> {
  const [setpriv, nice, ionice, shell] = await Promise.all([
    findProgram('setpriv'),
    findProgram('nice'),
    findProgram('ionice'),
    findProgram('sh'),
  ]);
  // Busybox has a setpriv that does not know --pdeathsig.
  const real = setpriv !== undefined && basename(await realpath(setpriv)) === 'setpriv';
  return { setpriv: real ? setpriv : undefined, nice, ionice, shell };
}
