import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:fs';
import type { Argv } from './commands.ts';
import { SAFELY, withFile } from './handle.ts';

const APPEND = constants.O_WRONLY | constants.O_APPEND | constants.O_CREAT | SAFELY;

/** See `Commands.spawnDetached`. No death signal: this one is meant to outlive us. */
export async function spawnDetached(
  [program, ...args]: Argv,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly logPath: string },
): Promise<number> {
  const { cwd, env, logPath } = options;
  const start = async (log: number): Promise<number> => {
    const child = spawn(program, args, { cwd, env, detached: true, stdio: ['ignore', log, log] });
    // Rejects with the errno where it could not be started.
    await once(child, 'spawn');
    child.unref();
    if (child.pid === undefined) throw new Error('internal error: started without a process id');
    return child.pid;
  };
  return withFile(logPath, APPEND, (log) => start(log.fd), 0o600);
}
