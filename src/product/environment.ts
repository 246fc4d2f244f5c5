import { ambiguousKeys, parsePlainEnvFile, parseSystemdEnvFile } from './env-file.ts';
import type { Finding } from './finding.ts';
import type { DetectInput } from './installation.ts';
import type { Profile } from './schema.ts';
import { expand } from './template.ts';

export interface Environment {
  /** What the service works with: defaults included. */
  readonly effective: Readonly<Record<string, string>>;
  /** Only what the unit or a file sets. */
  readonly given: Readonly<Record<string, string>>;
  /** The file the product's own commands are given, and to which keys are added. */
  readonly file: string | undefined;
  readonly findings: readonly Finding[];
}

/** An env file somebody should read before `detect`. */
export interface WantedFile {
  readonly path: string;
  /** Not being there is fine. */
  readonly optional: boolean;
}

/** The file the service's own command line names with the product's option: `--env-file PATH` or `--env-file=PATH`. */
function namedFile(option: string | undefined, argv: readonly string[]): string | undefined {
  if (option === undefined) return undefined;
  // The last one counts, as in dockmesh's own loop over its arguments.
  const at = argv.findLastIndex((word) => word === option || word.startsWith(`${option}=`));
  const word = argv[at];
  return word === option ? argv[at + 1] : word?.slice(option.length + 1);
}

/** The product's own file as its start makes it read one, before looking whether automatic ones exist. */
function ownFile(profile: Profile, input: DetectInput): string | undefined {
  if (profile.service.manager === 'systemd') return namedFile(profile.env.file_option, input.unit?.arguments ?? []);
  const scope = { env: {}, ...bare(input) };
  if (profile.service.env_file !== undefined) return expand(profile.service.env_file, scope);
  return undefined;
}

function bare({ prefix, os, arch }: DetectInput) {
  return { os, arch, ...(prefix === undefined ? {} : { prefix }) };
}

/** Every env file that may matter, for the caller to read: `detect` does no I/O. */
export function wantedEnvFiles(profile: Profile, input: Omit<DetectInput, 'texts' | 'links'>): readonly WantedFile[] {
  const whole: DetectInput = { ...input, texts: new Map(), links: new Map() };
  const own = ownFile(profile, whole);
  const automatic = profile.env.auto_files.map((path) => expand(path, { env: {}, ...bare(whole) }));
  return [
    ...(input.unit?.environmentFiles ?? []),
    ...(own === undefined ? automatic.map((path) => ({ path, optional: true })) : [{ path: own, optional: false }]),
  ];
}

/** Environment= first, then each EnvironmentFile= over it, the later over the earlier (systemd.exec(5)). */
function fromUnit({ unit, texts }: DetectInput): Map<string, string> {
  const values = new Map(Object.entries(unit?.environment ?? {}));
  for (const { path } of unit?.environmentFiles ?? []) {
    for (const [key, value] of parseSystemdEnvFile(texts.get(path) ?? '').values) values.set(key, value);
  }
  return values;
}

function missingFiles(profile: Profile, input: DetectInput): readonly Finding[] {
  return wantedEnvFiles(profile, input)
    .filter(({ path, optional }) => !optional && !input.texts.has(path))
    .map(({ path }) => ({
      code: 'env-file-missing',
      severity: 'inhibit',
      measured: `${path} is not there`,
      limit: 'every env file the service names',
      remedy: `restore ${path}: the service cannot start again without it`,
    }));
}

/** The environment of the service, from everything that has a say in it. */
export function environmentOf(profile: Profile, input: DetectInput): Environment {
  const given = fromUnit(input);
  const named = ownFile(profile, input);
  const automatic = profile.env.auto_files
    .map((path) => expand(path, { env: {}, ...bare(input) }))
    .find((path) => input.texts.has(path));
  const skipsAutomatic = profile.env.auto_unless !== undefined && given.has(profile.env.auto_unless);
  const own = named ?? (skipsAutomatic ? undefined : automatic);
  // The real environment wins over the product's own file: both loaders we know of say so.
  const fromOwn = own === undefined ? [] : parsePlainEnvFile(input.texts.get(own) ?? '').values;
  for (const [key, value] of fromOwn) if (!given.has(key)) given.set(key, value);

  const effective: Record<string, string> = {};
  for (const [key, value] of Object.entries(profile.env.defaults)) {
    effective[key] = expand(value, { env: {}, ...bare(input) });
  }
  for (const [key, value] of given) {
    if (value !== '' || !profile.env.empty_is_unset) effective[key] = value;
  }
  const unitFile = input.unit?.environmentFiles.findLast(({ path }) => input.texts.has(path))?.path;
  const file = own ?? unitFile;
  const ambiguous =
    file === undefined || profile.env.file_option === undefined ? [] : ambiguousKeys(input.texts.get(file) ?? '');
  const differs: Finding = {
    code: 'env-file-ambiguous',
    severity: 'warning',
    measured: `${ambiguous.join(', ')} in ${file ?? ''}`,
    limit: 'lines that systemd and the product itself read alike: KEY=value, once, without escapes',
    remedy: 'write these lines plainly, or the service and its own commands work with different values',
  };
  return {
    effective,
    given: Object.fromEntries(given),
    file,
    findings: [...missingFiles(profile, input), ...(ambiguous.length === 0 ? [] : [differs])],
  };
}
