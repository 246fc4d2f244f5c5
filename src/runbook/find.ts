import { RefitError } from '../errors.ts';
import { binaryPathOf, detect } from '../product/detect.ts';
import { wantedEnvFiles } from '../product/environment.ts';
import type { DetectInput, Installation, UnitInput } from '../product/installation.ts';
import type { Profile } from '../product/schema.ts';
import type { UnitFacts } from '../service/service.ts';
import { envText } from './env-text.ts';
import { goArchitecture } from './platform.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';
import type { Rooms } from './world.ts';

/** An installed product, and the rooms to work on it. */
export interface Found {
  readonly profile: Profile;
  readonly installation: Installation;
  /** What it was detected from. */
  readonly seen: DetectInput;
  /** What the service manager says; for the embedded one, little. */
  readonly unit: UnitFacts;
  readonly rooms: Rooms;
}

/** Without a limit of the unit's or the profile's own. systemd's DefaultTimeoutStopSec. */
const DEFAULT_STOP_MS = 90_000;
/** It becomes the name of a folder and of a unit. As systemd.unit(5) allows, without a dot in front. */
const NAME = /^[A-Za-z0-9:_@\\-][A-Za-z0-9:_.@\\-]{0,200}$/;

/** Profiles whose product is on this host, with the unit that runs it. */
interface Candidate {
  readonly profile: Profile;
  readonly unit: UnitFacts | undefined;
  readonly name: string;
}

/** Every installation the wish may mean. */
export async function findAll(workshop: Workshop, wish: Wish): Promise<readonly Candidate[]> {
  if (wish.installation !== undefined && !NAME.test(wish.installation)) {
    throw new RefitError('E_USAGE', `Cannot look for the installation "${wish.installation}": expected a unit's name`, {
      hint: 'refit status lists the names: without a folder, without .service',
    });
  }
  const profiles = (await workshop.profiles(wish.profile)).filter(
    ({ product }) => wish.product === undefined || product === wish.product,
  );
  if (profiles.length === 0) {
    throw new RefitError('E_PROFILE_MISSING', `Cannot find a profile for the product "${wish.product}"`, {
      hint: 'refit docs profile shows how to write one; give it with --profile FILE',
    });
  }
  const candidates: Candidate[] = [];
  for (const profile of profiles) {
    const candidate = await candidateOf(workshop, wish, profile);
    if (candidate !== undefined) candidates.push(candidate);
  }
  return candidates;
}

async function candidateOf({ systemd }: Workshop, wish: Wish, profile: Profile): Promise<Candidate | undefined> {
  if (profile.service.manager === 'embedded') {
    if (wish.prefix === undefined) return undefined;
    return { profile, unit: undefined, name: wish.installation ?? profile.product };
  }
  if (systemd === undefined || wish.prefix !== undefined) return undefined;
  const name = wish.installation === undefined ? profile.service.unit : `${wish.installation}.service`;
  const unit = await systemd.inspect(name);
  if (unit === undefined) return undefined;
  // A unit of another name belongs to the product whose own unit is called like the file it runs.
  const runs = unit.execPath?.split('/').at(-1) ?? '';
  const ours =
    wish.installation === undefined || wish.product !== undefined || `${runs}.service` === profile.service.unit;
  return ours ? { profile, unit, name: unit.unit.replace(/\.service$/, '') } : undefined;
}

/** The one installation the wish means; undefined where the product is not on this host. */
export async function find(workshop: Workshop, wish: Wish): Promise<Found | undefined> {
  const candidates = await findAll(workshop, wish);
  const [first, ...others] = candidates;
  if (first === undefined) return undefined;
  if (others.length > 0) {
    const names = candidates.map(({ profile, name }) => `${profile.product} (${name})`).join(', ');
    throw new RefitError('E_INSTALLATION_AMBIGUOUS', `Cannot choose between ${names}`, {
      hint: `--product ${first.profile.product}, or --installation ${first.name}`,
    });
  }
  return look(workshop, wish, first);
}

/** As `find`, where only an installed product will do. */
export async function requireFound(workshop: Workshop, wish: Wish): Promise<Found> {
  const found = await find(workshop, wish);
  if (found !== undefined) return found;
  const what = wish.installation ?? wish.product ?? 'a product that refit knows';
  const saw = workshop.systemd === undefined ? 'no systemd on this host' : 'no unit of it';
  throw new RefitError('E_INSTALLATION_UNKNOWN', `Cannot find ${what} on this host: saw ${saw}`, {
    hint: 'refit doctor shows what was looked for; a product of your own needs --profile FILE',
  });
}

async function look(workshop: Workshop, wish: Wish, { profile, unit, name }: Candidate): Promise<Found> {
  const { host } = workshop;
  const identity = {
    name,
    unit: unit === undefined ? undefined : unitInput(unit),
    prefix: wish.prefix,
    os: host.identity.platform,
    arch: goArchitecture(host.identity.architecture),
  };
  const texts = await readEnvFiles(workshop, profile, identity);
  const binary = binaryPathOf(profile, { ...identity, texts });
  const isLink = (await host.files.stat(binary))?.type === 'link';
  const links = new Map(isLink ? [[binary, await host.files.realPath(binary)]] : []);
  const input = { ...identity, texts, links };
  const installation = detect(profile, input);
  const rooms = roomsOf(workshop, profile, installation);
  const known = unit ?? (await rooms.service.inspect(installation.name));
  if (known === undefined) throw new Error('internal: the embedded manager knows its own unit');
  return { profile, installation, seen: input, unit: known, rooms };
}

/** The rooms for an installation: from what was just found, or from a plan in a journal. */
export function roomsOf(
  workshop: Workshop,
  profile: Profile,
  { embedded, name, workingDirectory }: Pick<Installation, 'embedded' | 'name' | 'workingDirectory'>,
): Rooms {
  if (embedded === undefined) return workshop.roomsFor({ kind: 'systemd' });
  const stopTimeoutMs = profile.service.stop_timeout ?? DEFAULT_STOP_MS;
  return workshop.roomsFor({ kind: 'embedded', unit: name, run: embedded, workingDirectory, stopTimeoutMs });
}

/** How long a stop may take before the manager's own SIGKILL. */
export function stopTimeoutOf({ profile, unit }: Found): number {
  return profile.service.stop_timeout ?? unit.timeoutStopMs ?? DEFAULT_STOP_MS;
}

function unitInput(unit: UnitFacts): UnitInput {
  if (unit.execPath === undefined) {
    throw new RefitError(
      'E_SERVICE_UNKNOWN',
      `Cannot read what ${unit.unit} runs: it is ${unit.loadState}, without ExecStart`,
      {
        hint: unit.loadState === 'masked' ? `systemctl unmask ${unit.unit}` : `systemctl cat ${unit.unit}`,
      },
    );
  }
  return {
    name: unit.unit,
    execPath: unit.execPath,
    arguments: unit.execArguments,
    user: unit.user,
    group: unit.group,
    environment: unit.environment,
    environmentFiles: unit.environmentFiles,
    workingDirectory: unit.workingDirectory,
  };
}

async function readEnvFiles(
  { host }: Workshop,
  profile: Profile,
  input: Omit<DetectInput, 'texts' | 'links'>,
): Promise<ReadonlyMap<string, string>> {
  const texts = new Map<string, string>();
  for (const { path } of wantedEnvFiles(profile, input)) {
    try {
      texts.set(path, await envText(host.files, path));
    } catch (error) {
      if (error instanceof RefitError && error.code === 'E_NOT_FOUND') continue;
      throw new RefitError('E_ENV_UNREADABLE', `Cannot read the environment of ${profile.title} from ${path}`, {
        hint: host.identity.uid === 0 ? `Look at it: ls -l ${path}` : 'Type the command again with sudo',
        cause: error,
      });
    }
  }
  return texts;
}
