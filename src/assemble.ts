import { resolve } from 'node:path';
import { databasesOf } from './data/databases.ts';
import { gnuArchives } from './data/gnu-archives.ts';
import { gnuData } from './data/gnu-data.ts';
import { spaceNeeds, upgradeClaims } from './data/space.ts';
import { apiFleet } from './fleet/api.ts';
import { noGuard } from './guard/no-guard.ts';
import { systemdGuard } from './guard/systemd-guard.ts';
import { hostHealth } from './health/ask.ts';
import { processProber } from './health/prober.ts';
import type { Effects } from './host/effects.ts';
import type { Host, Identity } from './host/host.ts';
import { nodeHost } from './host/node-host.ts';
import { inPlace } from './layout/in-place.ts';
import { releasesOf } from './release/releases.ts';
import { loadProfiles } from './runbook/profiles.ts';
import { refreshedRootIn } from './runbook/store/paths.ts';
import type { ServiceKind, Workshop } from './runbook/workshop.ts';
import type { Rooms } from './runbook/world.ts';
import { embeddedManager } from './service/embedded.ts';
import { plainSandbox } from './service/plain-sandbox.ts';
import { systemdManager } from './service/systemd.ts';
import { systemdSandbox } from './service/systemd-sandbox.ts';

/** The host and its rooms, built once for a command or a worker. */
export async function workshopOf(
  effects: Effects,
  identity: Identity,
  stateDirectory: string,
  network: Readonly<Record<string, unknown>>,
): Promise<Workshop> {
  const { proxy, caFile = identity.environment['REFIT_CA_FILE'] } = network;
  const trusted = typeof caFile === 'string' && caFile !== '' ? resolve(identity.workingDirectory, caFile) : undefined;
  // In the environment too: a worker gets its network from there, and has another working directory.
  const environment = {
    ...identity.environment,
    ...(typeof proxy === 'string' ? { http_proxy: proxy, https_proxy: proxy } : {}),
    ...(trusted === undefined ? {} : { REFIT_CA_FILE: trusted }),
  };
  const host = nodeHost(effects, { ...identity, environment }, { environment, caFile: trusted });
  const hasSystemd = (await host.files.stat('/run/systemd/system')) !== undefined;
  const releases = releasesOf(host, refreshedRootIn(stateDirectory));
  return {
    host,
    releases,
    systemd: hasSystemd ? systemdManager(host) : undefined,
    stateDirectory,
    profiles: (file) => loadProfiles(host.files, file),
    roomsFor: roomsFrom(host, releases),
  };
}

function roomsFrom(host: Host, releases: Workshop['releases']): (kind: ServiceKind) => Rooms {
  return (kind) => ({
    host,
    releases,
    service: kind.kind === 'systemd' ? systemdManager(host) : embeddedManager(host, embeddedConfig(kind)),
    sandbox: kind.kind === 'systemd' ? systemdSandbox(host) : plainSandbox(host),
    data: gnuData(host),
    archives: gnuArchives(host),
    databases: databasesOf(host),
    space: (sizes) => spaceNeeds(host.files, upgradeClaims(sizes)),
    layout: inPlace(host),
    health: hostHealth(host),
    prober: processProber(host),
    fleet: apiFleet(host),
    guard: kind.kind === 'systemd' ? systemdGuard(host) : noGuard(host),
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
