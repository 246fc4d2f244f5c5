import { RefitError } from '../errors.ts';
import { sessionOf } from './embedded-process.ts';
import { startEmbedded } from './embedded-start.ts';
import { type EmbeddedConfig, type EmbeddedParts, embeddedState, pathsIn, serverOf } from './embedded-state.ts';
import { stopEmbedded } from './embedded-stop.ts';
import { fileCursor, fileSince } from './log-file.ts';
import { putMarker, removeDurably } from './marker.ts';
import type { ServiceManager, UnitFacts } from './service.ts';
import { runnersOf, unitsOf } from './strangers.ts';
import { unknownUnit } from './unit-state.ts';

/** Starts and stops one server without systemd, without root, with nothing resident. Linux with util-linux only. */
export function embeddedManager(host: EmbeddedParts['host'], config: EmbeddedConfig): ServiceManager {
  const { files } = host;
  const paths = pathsIn(config.runDirectory, config.unit);
  const parts: EmbeddedParts = { host, config, paths, programs: () => findPrograms(host.commands) };
  const own = (unit: string): EmbeddedParts => {
    if (unit !== config.unit) throw unknownUnit(unit);
    return parts;
  };
  const session = async (unit: string): Promise<readonly number[]> => {
    const server = await serverOf(own(unit));
    return server === undefined ? [] : sessionOf(files, server.pid);
  };
  return {
    kind: 'embedded',
    inspect: async (unit) => (unit === config.unit ? facts(config) : undefined),
    state: async (unit) => embeddedState(own(unit)),
    async armHold(hold) {
      own(hold.unit);
      await putMarker(files, hold.marker);
      await files.writeAtomic(paths.hold, `${hold.marker}\n`, { mode: 0o644 });
    },
    stop: async (unit, { timeoutMs }) => stopEmbedded(own(unit), timeoutMs),
    start: async (unit, hold) => startEmbedded(own(unit), hold),
    async releaseHold(hold) {
      own(hold.unit);
      await removeDurably(files, hold.marker);
      await removeDurably(files, paths.hold);
    },
    reload: async () => undefined,
    logCursor: async (unit) => fileCursor(files, own(unit).config.logPath),
    logsSince: async (unit, cursor, { maxLines }) => fileSince(files, own(unit).config.logPath, cursor, maxLines),
    managerStopping: async () => false,
    recentStarts: async () => [],
    async outside(unit, pids) {
      const ours = await session(unit);
      return unitsOf(
        files,
        pids.filter((pid) => !ours.includes(pid)),
      );
    },
    async strangers(unit, execPath) {
      const ours = await session(unit);
      return (await runnersOf(files, execPath)).filter(({ pid }) => !ours.includes(pid));
    },
  };
}

async function findPrograms(commands: EmbeddedParts['host']['commands']) {
  const [flock, shell] = await Promise.all([commands.find('flock'), commands.find('sh')]);
  if (flock !== undefined && shell !== undefined) return { flock, shell };
  const program = flock === undefined ? 'flock' : 'sh';
  throw new RefitError(
    'E_COMMAND_MISSING',
    `Cannot run ${program}: saw no such program, expected util-linux and a shell`,
    {
      hint: 'apt-get install util-linux',
      facts: { program },
    },
  );
}

function facts(config: EmbeddedConfig): UnitFacts {
  const [execPath, ...execArguments] = config.argv;
  return {
    unit: config.unit,
    loadState: 'loaded',
    unitFileState: '',
    fragmentPath: '',
    dropInPaths: [],
    execPath,
    execArguments,
    user: '',
    group: '',
    environment: {},
    environmentFiles: config.environmentFiles,
    workingDirectory: config.workingDirectory,
    rootDirectory: undefined,
    needDaemonReload: false,
    stateDirectories: [],
    triggeredBy: [],
    timeoutStopMs: config.stopTimeoutMs,
    restart: 'no',
    type: 'exec',
  };
}
