import { dirname } from 'node:path';
import { RefitError } from '../errors.ts';
import type { Argv } from '../host/commands.ts';
import { readPidFile } from './embedded-process.ts';
import type { EmbeddedParts } from './embedded-state.ts';
import { embeddedState } from './embedded-state.ts';
import { launchArgv } from './launcher.ts';
import { fileCursor, fileSince } from './log-file.ts';
import type { Hold } from './service.ts';

const POLL_MS = 2;

/** See `ServiceManager.start`: resolves when the launcher has become the server. */
export async function startEmbedded(parts: EmbeddedParts, hold: Hold | undefined): Promise<void> {
  const { host, config, paths, programs } = parts;
  const { files, commands, clock } = host;
  if (hold !== undefined) await files.remove(hold.marker);
  if ((await embeddedState(parts)).activity !== 'active') {
    const cursor = await fileCursor(files, config.logPath);
    const argv: Argv = launchArgv(await programs(), paths, config.argv);
    const env = await config.environment();
    const pid = await commands.spawnDetached(argv, { cwd: config.workingDirectory, env, logPath: config.logPath });
    for (;;) {
      if ((await readPidFile(files, paths.pid))?.pid === pid) break;
      if ((await commands.startTimeOf(pid)) === undefined) {
        // Once more: it may have written its file and died, which is not a refusal.
        if ((await readPidFile(files, paths.pid))?.pid === pid) break;
        throw refused(config.unit, await fileSince(files, config.logPath, cursor, 3));
      }
      await clock.sleep(POLL_MS);
    }
  }
  if (hold !== undefined) await files.sync(dirname(hold.marker));
}

function refused(unit: string, lines: readonly string[]): RefitError {
  const words = lines.join('; ') || 'another process that holds its lock';
  return new RefitError('E_SERVICE_START', `Cannot start ${unit}: saw ${words}`, { facts: { unit } });
}
