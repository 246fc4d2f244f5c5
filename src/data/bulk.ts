import { type ErrorCode, RefitError } from '../errors.ts';
import type { Argv, CommandOptions, Commands } from '../host/commands.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';

/** What the C library says under LANG=C, which is how commands run. A child has no other way to hand on an errno. */
const ERRNOS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/No space left on device|Disk quota exceeded/, 'E_NO_SPACE'],
  [/Read-only file system/, 'E_READ_ONLY'],
  [/Input\/output error/, 'E_IO'],
];

type BulkOptions = Pick<CommandOptions, 'background' | 'cwd'>;

/** Runs a child that writes files, and gives a full or failing disk the code it has everywhere else. */
export async function bulk(commands: Commands, argv: Argv, options: BulkOptions = {}): Promise<void> {
  try {
    await commands.must(argv, { timeoutMs: COPY_TIMEOUT_MS, ...options });
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    const { message, hint, facts } = error;
    const code = ERRNOS.find(([pattern]) => pattern.test(message))?.[1];
    throw code === undefined ? error : new RefitError(code, message, { hint, facts, cause: error });
  }
}
