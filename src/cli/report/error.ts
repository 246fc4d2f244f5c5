import { RefitError } from '../../errors.ts';
import type { Terminal } from '../../host/terminal.ts';
import type { Output } from '../context.ts';
import { paintFor } from './paint.ts';
import { plain } from './plain.ts';

/** Says what went wrong: to people on stderr, to scripts as `{"error":{…}}` on stdout. */
export function reportError(terminal: Terminal, output: Output, error: unknown): void {
  reportFailure(terminal, output, describe(error));
}

/** As `reportError`, of what a worker wrote down. */
export function reportFailure(terminal: Terminal, output: Output, { code, message, hint, facts }: Failed): void {
  if (output !== 'table') {
    const told = facts === undefined || Object.keys(facts).length === 0 ? {} : { facts };
    terminal.out(`${JSON.stringify({ error: { code, message, hint, ...told } })}\n`);
    return;
  }
  const lines = [
    `${paintFor(terminal).red('error:')} ${plain(message)}`,
    `  code: ${code}`,
    ...(hint === undefined ? [] : [`  next: ${plain(hint)}`]),
  ];
  terminal.err(`${lines.join('\n')}\n`);
}

export interface Failed {
  readonly code: string;
  readonly message: string;
  readonly hint?: string | undefined;
  /** What was seen and expected, for scripts. */
  readonly facts?: RefitError['facts'] | undefined;
}

/** What a script is told of any error: a bug has a code too. */
function describe(error: unknown): Failed {
  if (error instanceof RefitError) return error;
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const hint = 'Please report this, with the lines above; refit status says what is true now';
  return { code: 'E_BUG', message: `internal: ${message}`, hint };
}
