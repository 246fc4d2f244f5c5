import type { Context, Output } from './cli/context.ts';
import { flagNames, type Parsed, parse, settingsFor } from './cli/program.ts';
import { VERSION } from './cli/version.ts';
import { EXIT, exitOf, RefitError } from './errors.ts';
import { type Effects, plainEffects } from './host/effects.ts';
import type { Host, Identity } from './host/host.ts';
import type { Terminal } from './host/terminal.ts';
import type { ServiceKind, Workshop } from './runbook/workshop.ts';
import type { Rooms } from './runbook/world.ts';

/** Runs one command line. Tests hand in other effects; nothing that ships does. */
export async function main(effects: Effects = plainEffects): Promise<void> {
  // Silence is failure: whatever ends this process before it has said how it went.
  process.exitCode = EXIT.bug;
  const argv = process.argv.slice(2);
  process.exitCode =
    argv[0] === 'worker' && argv[1] !== undefined ? await workerMain(effects, argv[1]) : await command(effects, argv);
}

async function command(effects: Effects, argv: readonly string[]): Promise<number> {
  const { nodeTerminal } = await import('./host/node-terminal.ts');
  const terminal = nodeTerminal();
  // Until the command line is understood: a script that asked for json gets its errors as json too.
  let output: Output = argv.some((word) => /^(--output=|-o)?(nd)?json$/.test(word)) ? 'json' : 'table';
  try {
    const parsed = parse(argv, { version: VERSION, out: terminal.out, err: terminal.err });
    if (parsed === undefined) return EXIT.ok;
    const { readIdentity } = await import('./host/node-host.ts');
    const identity = readIdentity();
    const flags = await withSettings(effects, identity, parsed);
    output = outputOf(flags['output']);
    const context = contextOf(effects, identity, terminal, output, flags, argv);
    return await (await parsed.verb.load())(context, flags, parsed.operands);
  } catch (error) {
    const { reportError } = await import('./cli/report/error.ts');
    reportError(terminal, output, error);
    return exitOf(error);
  }
}

function outputOf(value: unknown): Output {
  if (value === undefined || value === 'table') return 'table';
  if (value === 'json' || value === 'ndjson') return value;
  throw new RefitError('E_USAGE', `Cannot print as "${String(value)}": expected table, json or ndjson`, {
    hint: '-o json',
  });
}

/** What was neither typed nor set by environment comes from refit.yaml. */
async function withSettings(effects: Effects, identity: Identity, parsed: Parsed): Promise<Parsed['flags']> {
  const { nodeHost } = await import('./host/node-host.ts');
  const { files } = nodeHost(effects, identity);
  const path = identity.environment['REFIT_CONFIG'] ?? '/etc/refit/refit.yaml';
  if ((await files.stat(path)) === undefined) return parsed.flags;
  const { loadSettings } = await import('./product/settings.ts');
  const text = (await files.read(path, { maxBytes: 262_144 })).toString('utf8');
  const settings = loadSettings({ file: path, text }, flagNames());
  return { ...parsed.flags, ...settingsFor(parsed, settings) };
}

function contextOf(
  effects: Effects,
  identity: Identity,
  terminal: Terminal,
  output: Output,
  flags: Parsed['flags'],
  argv: readonly string[],
): Context {
  let built: Promise<Workshop> | undefined;
  const named = typeof flags['stateDir'] === 'string' ? flags['stateDir'] : undefined;
  return {
    terminal,
    output,
    environment: identity.environment,
    workingDirectory: identity.workingDirectory,
    typed: ['refit', ...argv].join(' '),
    workshop() {
      built ??= workshopOf(effects, identity, stateDirectoryOf(identity, named, flags['prefix']), flags);
      return built;
    },
  };
}

/** The state of a root-less installation lies in its prefix: /var/lib is not ours there. */
function stateDirectoryOf(identity: Identity, named: string | undefined, prefix: unknown): string {
  const given = named ?? identity.environment['STATE_DIRECTORY'];
  if (given !== undefined && given !== '') return absolutePath(identity, given);
  return typeof prefix === 'string' ? `${absolutePath(identity, prefix)}/var/refit` : '/var/lib/refit';
}

function absolutePath({ workingDirectory }: Identity, path: string): string {
  return path.startsWith('/') ? path : `${workingDirectory}/${path}`;
}

/** The host and its rooms, built once for a command or a worker. */
export async function workshopOf(
  effects: Effects,
  identity: Identity,
  stateDirectory: string,
  network: Readonly<Record<string, unknown>>,
): Promise<Workshop> {
  const { nodeHost } = await import('./host/node-host.ts');
  const { systemdManager } = await import('./service/systemd.ts');
  const { releasesOf } = await import('./release/releases.ts');
  const { proxy, caFile = identity.environment['REFIT_CA_FILE'] } = network;
  const trusted = typeof caFile === 'string' && caFile !== '' ? absolutePath(identity, caFile) : undefined;
  // In the environment too: a worker gets its network from there, and has another working directory.
  const environment = {
    ...identity.environment,
    ...(typeof proxy === 'string' ? { http_proxy: proxy, https_proxy: proxy } : {}),
    ...(trusted === undefined ? {} : { REFIT_CA_FILE: trusted }),
  };
  const host = nodeHost(effects, { ...identity, environment }, { environment, caFile: trusted });
  const hasSystemd = (await host.files.stat('/run/systemd/system')) !== undefined;
  const releases = releasesOf(host);
  return {
    host,
    releases,
    systemd: hasSystemd ? systemdManager(host) : undefined,
    stateDirectory,
    profiles: async (file) => (await import('./runbook/profiles.ts')).loadProfiles(host.files, file),
    roomsFor: roomsFrom(host, releases, await roomParts()),
  };
}

/** The rooms' implementations. Loaded together: whoever needs one needs most. */
async function roomParts() {
  const [
    { embeddedManager },
    { systemdManager },
    { systemdSandbox },
    { plainSandbox },
    { gnuData },
    { databasesOf },
    { spaceNeeds, upgradeClaims },
    { inPlace },
    { hostHealth },
    { apiFleet },
  ] = await Promise.all([
    import('./service/embedded.ts'),
    import('./service/systemd.ts'),
    import('./service/systemd-sandbox.ts'),
    import('./service/plain-sandbox.ts'),
    import('./data/gnu-data.ts'),
    import('./data/databases.ts'),
    import('./data/space.ts'),
    import('./layout/in-place.ts'),
    import('./health/ask.ts'),
    import('./fleet/api.ts'),
  ]);
  const managers = { embeddedManager, systemdManager, systemdSandbox, plainSandbox };
  return { ...managers, gnuData, databasesOf, spaceNeeds, upgradeClaims, inPlace, hostHealth, apiFleet };
}

function roomsFrom(
  host: Host,
  releases: Workshop['releases'],
  parts: Awaited<ReturnType<typeof roomParts>>,
): (kind: ServiceKind) => Rooms {
  return (kind) => ({
    host,
    releases,
    service: kind.kind === 'systemd' ? parts.systemdManager(host) : parts.embeddedManager(host, embeddedConfig(kind)),
    sandbox: kind.kind === 'systemd' ? parts.systemdSandbox(host) : parts.plainSandbox(host),
    data: parts.gnuData(host),
    databases: parts.databasesOf(host.sqlite),
    space: (sizes) => parts.spaceNeeds(host.files, parts.upgradeClaims(sizes)),
    layout: parts.inPlace(host),
    health: parts.hostHealth(host),
    fleet: parts.apiFleet(host),
  });
}

function embeddedConfig({ unit, run, workingDirectory, stopTimeoutMs }: Extract<ServiceKind, { kind: 'embedded' }>) {
  const [program, ...words] = run.argv;
  if (program === undefined) throw new Error('internal: a profile without a command line was loaded');
  return {
    unit,
    argv: [program, ...words] as const,
    // The server reads its own env file; ours is nobody's business.
    environment: async () => ({ PATH: '/usr/local/bin:/usr/bin:/bin', LANG: 'C.UTF-8' }),
    environmentFiles: [],
    workingDirectory,
    runDirectory: run.runDirectory,
    logPath: run.log,
    stopTimeoutMs,
  };
}

/** A worker owns no terminal, reads nothing but its request, and outlives whoever asked for it. */
async function workerMain(effects: Effects, path: string): Promise<number> {
  const { readIdentity, nodeHost } = await import('./host/node-host.ts');
  const identity = readIdentity();
  const { readRequest } = await import('./runbook/worker/request.ts');
  const request = await readRequest(nodeHost(effects, identity).files, path);
  const environment = { ...identity.environment, ...request.network };
  const workshop = await workshopOf(effects, { ...identity, environment }, request.stateDirectory, {});
  const { work } = await import('./runbook/worker/work.ts');
  return work(workshop, request, await signalsOf(workshop));
}

/** INT and TERM pause between steps; when the manager is stopping, at once. HUP and TSTP mean nothing here (law 7). */
async function signalsOf({
  systemd,
}: Workshop): Promise<{ readonly pause: AbortSignal; readonly shutdown: AbortSignal }> {
  const { Interrupted } = await import('./engine/step.ts');
  const pause = new AbortController();
  const shutdown = new AbortController();
  for (const signal of ['SIGHUP', 'SIGTSTP', 'SIGPIPE'] as const) process.on(signal, () => undefined);
  process.on('SIGINT', () => pause.abort(new Interrupted('signal')));
  process.on('SIGTERM', async () => {
    if (await systemd?.managerStopping()) shutdown.abort(new Interrupted('shutdown'));
    pause.abort(new Interrupted('signal'));
  });
  return { pause: pause.signal, shutdown: shutdown.signal };
}
