import { Command, CommanderError, Option } from 'commander';
import { RefitError } from '../errors.ts';
import type { Flags } from './context.ts';
import type { Flag, Verb } from './verb.ts';
import { ALL_VERBS, GLOBAL, VERBS } from './verbs.ts';

/** What was typed, parsed. */
export interface Parsed {
  readonly verb: Verb;
  readonly flags: Flags;
  /** Names of the flags that were typed or set by environment, not left at their default. */
  readonly given: ReadonlySet<string>;
  readonly operands: readonly string[];
}

export interface ParseOptions {
  readonly version: string;
  out(text: string): void;
  err(text: string): void;
}

/** Parses a command line. Undefined: help or the version was asked for and printed. Rejects with E_USAGE. */
export function parse(argv: readonly string[], options: ParseOptions): Parsed | undefined {
  let parsed: Parsed | undefined;
  const program = new Command('refit')
    .description('Upgrades self-hosted servers without fear.')
    .version(options.version)
    // Or a verb would take the flags of those below it for its own.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput({ writeOut: options.out, writeErr: () => undefined })
    .configureHelp(HELP)
    .showSuggestionAfterError(true)
    .addHelpText('after', AFTER);
  const add = (parent: Command, verb: Verb): void => {
    const command = parent.command(verb.name, { hidden: verb.hidden === true }).description(verb.help);
    command
      .exitOverride()
      .configureOutput({ writeOut: options.out, writeErr: () => undefined })
      .configureHelp(HELP)
      .enablePositionalOptions()
      .helpCommand(false);
    if (verb.operands !== undefined) command.arguments(verb.operands);
    const all = [...verb.flags, ...GLOBAL];
    for (const option of all.flatMap(optionsOf)) command.addOption(option);
    command.action(() => {
      const flags = withSwitches(command.opts());
      parsed = { verb, flags, given: new Set(Object.keys(flags)), operands: command.args };
    });
    for (const below of verb.below ?? []) add(command, below);
  };
  for (const verb of VERBS) add(program, verb);
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    if (error.code === 'commander.help') options.err(program.helpInformation());
    throw usage(error, argv);
  }
  return parsed;
}

/** Without `(env: …)` at every flag: the last lines of the main help say it once. */
const HELP = { helpWidth: 80, optionDescription: ({ description }: Option) => description };

const AFTER = `
Every flag has an environment variable (--to: REFIT_TO) and a key in
/etc/refit/refit.yaml (to: v0.2.x). Exit codes: refit docs exit-codes.`;

/**
 * A flag's option. A switch has a hidden one beside it that takes its variable's value: commander itself has a switch on
 * whatever its variable holds, and REFIT_YES=0 must not consent.
 */
function optionsOf({ spelling, help, many }: Flag): readonly Option[] {
  const option = plainOption(spelling, help);
  const variable = `REFIT_${option.name().toUpperCase().replaceAll('-', '_')}`;
  if (many === true)
    option.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
  if (option.required || option.optional) return [option.env(variable)];
  return [option, plainOption(`--${option.name()}${BESIDE} <value>`).env(variable).hideHelp()];
}

/** Commander makes `--no-x` the opposite of an `x` that is on by default; here every flag has its own name, and is off until given. */
function plainOption(spelling: string, help?: string): Option {
  const option = new Option(spelling, help);
  option.negate = false;
  return option;
}

const BESIDE = '-by-environment';
const SUFFIX = 'ByEnvironment';

/** Switches as typed, else as their variables say. */
function withSwitches(options: Flags): Flags {
  const flags: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(options)) {
    if (!name.endsWith(SUFFIX)) {
      flags[name] = value;
      continue;
    }
    const own = name.slice(0, -SUFFIX.length);
    if (value !== '' && options[own] === undefined) flags[own] = onOrOff(own, String(value));
  }
  return flags;
}

function onOrOff(name: string, value: string): boolean {
  const word = value.toLowerCase();
  if (['1', 'true', 'yes', 'on'].includes(word)) return true;
  if (['0', 'false', 'no', 'off'].includes(word)) return false;
  throw new RefitError('E_USAGE', `Cannot read the variable of the switch ${name}: saw "${value}", expected 1 or 0`, {
    hint: `env | grep REFIT_`,
  });
}

function usage(error: CommanderError, argv: readonly string[]): RefitError {
  const [verb = ''] = argv;
  const known = VERBS.some(({ name }) => name === verb);
  const saw = error.message.replace(/^error: /, '').replace(/\n/g, ' ');
  return new RefitError(
    'E_USAGE',
    `Cannot understand the command: ${error.code === 'commander.help' ? 'no verb' : saw}`,
    {
      hint: known ? `refit ${verb} --help` : 'refit --help',
    },
  );
}

/** What refit.yaml may set: each flag's name without dashes in front, and what it takes. */
export function flagNames(): ReadonlyMap<string, 'switch' | 'value' | 'list'> {
  const all = [...ALL_VERBS.flatMap(({ flags }) => flags), ...GLOBAL];
  return new Map(
    all.map((flag) => {
      const option = plainOption(flag.spelling);
      return [
        option.name(),
        flag.many === true ? 'list' : option.required || option.optional ? 'value' : 'switch',
      ] as const;
    }),
  );
}

/**
 * Of what refit.yaml says, what this command takes: neither typed nor set by environment, and a flag of its verb. A key for
 * one verb is no mistake at another, which must not act on it. What is no verb's flag (proxy, ca_file) holds for all.
 */
export function settingsFor({ verb, given }: Parsed, settings: Flags): Flags {
  const own = attributesOf([...verb.flags, ...GLOBAL]);
  const others = attributesOf(ALL_VERBS.flatMap(({ flags }) => flags));
  const mine = ([name]: readonly [string, unknown]): boolean =>
    !given.has(name) && (own.has(name) || !others.has(name));
  return Object.fromEntries(Object.entries(settings).filter(mine));
}

function attributesOf(flags: readonly Flag[]): ReadonlySet<string> {
  return new Set(flags.map(({ spelling }) => plainOption(spelling).attributeName()));
}
