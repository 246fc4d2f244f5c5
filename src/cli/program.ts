import { Command, CommanderError, Option } from 'commander';
import { RefitError } from '../errors.ts';
import type { Flags } from './context.ts';
import type { Flag, Verb } from './verb.ts';
import { GLOBAL, VERBS } from './verbs.ts';

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
    .exitOverride()
    .configureOutput({ writeOut: options.out, writeErr: () => undefined })
    .configureHelp({ helpWidth: 80 })
    .showSuggestionAfterError(true)
    .addHelpText('after', AFTER);
  for (const verb of VERBS) {
    const command = program.command(verb.name, { hidden: verb.hidden === true }).description(verb.help);
    command
      .exitOverride()
      .configureOutput({ writeOut: options.out, writeErr: () => undefined })
      .configureHelp({ helpWidth: 80 });
    if (verb.operands !== undefined) command.argument(verb.operands);
    for (const flag of [...verb.flags, ...GLOBAL]) command.addOption(optionOf(flag));
    command.action(() => {
      const flags = command.opts();
      const given = new Set(Object.keys(flags).filter((name) => command.getOptionValueSource(name) !== 'default'));
      parsed = { verb, flags, given, operands: command.args };
    });
  }
  try {
    program.parse([...argv], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usage(error, argv, options);
  }
  return parsed;
}

const AFTER = `
Every flag has an environment variable (--to: REFIT_TO) and a key in
/etc/refit/refit.yaml (to: v0.2.x). Exit codes: refit docs exit-codes.`;

function optionOf({ spelling, help, many }: Flag): Option {
  const option = new Option(spelling, help);
  option.env(`REFIT_${option.name().toUpperCase().replaceAll('-', '_')}`);
  if (many === true)
    option.argParser((value: string, before: unknown) => [...(Array.isArray(before) ? before : []), value]);
  return option;
}

function usage(error: CommanderError, argv: readonly string[], { err }: ParseOptions): RefitError {
  if (error.code === 'commander.help') {
    err('Type refit --help\n');
  }
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

/** Every flag's name without dashes in front: what refit.yaml may set. */
export function flagNames(): readonly string[] {
  const all = [...VERBS.flatMap(({ flags }) => flags), ...GLOBAL];
  return [...new Set(all.map((flag) => optionOf(flag).name()))];
}
