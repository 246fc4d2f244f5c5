import { posix } from 'node:path';
import { RefitError } from '../errors.ts';
import { environmentOf } from './environment.ts';
import type { DetectInput, EmbeddedRun, Installation } from './installation.ts';
import { binaryFindings, dataFindings, refusals } from './installation-findings.ts';
import { dataPaths, targetsOf } from './places.ts';
import type { Profile } from './schema.ts';
import { expand, type Scope } from './template.ts';

function required<T>(value: T | undefined, profile: Profile, what: string): T {
  if (value !== undefined) return value;
  throw new RefitError(
    'E_INSTALLATION_UNKNOWN',
    `Cannot find ${profile.title}: saw no ${what}, expected one for the manager "${profile.service.manager}"`,
    { hint: profile.service.manager === 'systemd' ? 'refit doctor' : 'give --prefix DIR' },
  );
}

/** `systemctl show` prints "!/path" where a missing directory is tolerated, and nothing where the service runs in `/`. */
function workingDirectory(written: string | undefined): string {
  const path = (written ?? '').replace(/^[!-]/, '');
  return path === '' ? '/' : path;
}

/** The file the service is started from or the profile names, before any link is followed: for the caller to look at. */
export function binaryPathOf(profile: Profile, input: Omit<DetectInput, 'links'>): string {
  const { effective } = environmentOf(profile, { ...input, links: new Map() });
  const scope = {
    env: effective,
    os: input.os,
    arch: input.arch,
    ...(input.prefix === undefined ? {} : { prefix: input.prefix }),
  };
  if (profile.binary.path !== undefined) return posix.resolve('/', expand(profile.binary.path, scope));
  if (profile.service.manager === 'systemd') return required(input.unit, profile, 'unit').execPath;
  return posix.resolve('/', expand(profile.service.exec[0] ?? '', scope));
}

/**
 * The installation a profile describes, from what was seen of it. Rejects with E_INSTALLATION_UNKNOWN without a unit or
 * prefix, with E_CONFIG_INVALID for an environment from which an address cannot be made.
 */
export function detect(profile: Profile, input: DetectInput): Installation {
  const { service } = profile;
  const systemd = service.manager === 'systemd';
  const unit = systemd ? required(input.unit, profile, 'unit') : undefined;
  const prefix = systemd ? undefined : required(input.prefix, profile, 'prefix');
  const environment = environmentOf(profile, input);
  const named = binaryPathOf(profile, input);
  const link = input.links.get(named);
  const binary = profile.binary.follow_link && link !== undefined ? link : named;
  const scope: Scope = {
    env: environment.effective,
    binary,
    binary_dir: posix.dirname(binary),
    os: input.os,
    arch: input.arch,
    ...(prefix === undefined ? {} : { prefix }),
  };
  const embedded: EmbeddedRun | undefined = systemd
    ? undefined
    : {
        argv: service.exec.map((word) => expand(word, scope)),
        runDirectory: expand(service.run_directory, scope),
        log: expand(service.log, scope),
      };
  const directory = systemd
    ? workingDirectory(unit?.workingDirectory)
    : expand(service.working_directory ?? '{prefix}', scope);
  const execPath = unit?.execPath ?? embedded?.argv[0] ?? binary;
  const data = dataPaths(profile, scope, directory);
  return {
    name: input.name ?? profile.product,
    product: profile.product,
    title: profile.title,
    unit: unit?.name,
    embedded,
    binary,
    execPath,
    workingDirectory: directory,
    user: unit?.user ?? '',
    group: unit?.group ?? '',
    env: environment.effective,
    givenKeys: Object.keys(environment.given),
    envFile: environment.file,
    data,
    targets: targetsOf(profile, scope, environment.given, directory),
    scope,
    findings: [
      ...environment.findings,
      ...refusals(profile, environment.effective),
      ...binaryFindings(profile, { named, execPath, link }),
      ...dataFindings(data, directory),
    ],
  };
}
