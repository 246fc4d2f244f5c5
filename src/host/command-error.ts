import { RefitError } from '../errors.ts';
import type { Argv, CommandOptions, CommandResult } from './commands.ts';

const LAST_LINES = 5;
const SHOWN = 200;

function shown(argv: Argv): string {
  const line = argv.join(' ');
  return line.length > SHOWN ? `${line.slice(0, SHOWN)}…` : line;
}

function lastLines(text: string): string {
  const lines = text.trimEnd().split('\n').slice(-LAST_LINES).join('\n');
  return lines === '' ? '' : `: ${lines}`;
}

export function commandMissing(program: string): RefitError {
  return new RefitError(
    'E_COMMAND_MISSING',
    `Cannot run ${program}: saw no such program, expected an executable file`,
    {
      hint: `Install the package that has ${program}, then run the same command again`,
      facts: { program },
    },
  );
}

/** What `must` rejects with. */
export function commandFailed(argv: Argv, result: CommandResult, { timeoutMs }: CommandOptions): RefitError {
  const facts = { program: argv[0], exitCode: result.exitCode ?? -1, signal: result.signal ?? '' };
  if (result.timedOut) {
    const message = `Cannot run ${shown(argv)}: saw no end within ${timeoutMs} ms${lastLines(result.stderr)}`;
    return new RefitError('E_COMMAND_TIMEOUT', message, { facts });
  }
  const ending = result.signal === undefined ? `exit code ${result.exitCode}` : `signal ${result.signal}`;
  const message = `Cannot run ${shown(argv)}: saw ${ending}, expected exit code 0${lastLines(result.stderr)}`;
  return new RefitError('E_COMMAND_FAILED', message, { facts });
}
