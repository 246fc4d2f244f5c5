import { type ErrorCode, RefitError } from '../errors.ts';
import type { Argv, CommandOptions, Commands } from '../host/commands.ts';
import { COPY_TIMEOUT_MS } from './tools.ts';
import { isOnlyVanished } from './vanished.ts';

/** What the C library says under LANG=C, which is how commands run. A child has no other way to hand on an errno. */
const ERRNOS: readonly (readonly [RegExp, ErrorCode])[] = [
  [/No space left on device|Disk quota exceeded/, 'E_NO_SPACE'],
  [/Read-only file system/, 'E_READ_ONLY'],
  [/Input\/output error/, 'E_IO'],
];

type BulkOptions = Pick<CommandOptions, 'background' | 'bytesPerSecond' | 'cwd' | 'input'>;

/** Runs a child that writes files, and gives a full or failing disk the code it has everywhere else. */
export async function bulk(commands: Commands, argv: Argv, options: BulkOptions = {}): Promise<void> {
  try {
    await commands.must(argv, { timeoutMs: COPY_TIMEOUT_MS, ...options });
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
    const { message, hint, facts } = error;
    const code = codeOf(message);
    throw code === undefined ? error : new RefitError(code, message, { hint, facts, cause: error });
  }
}

/** As `bulk`, of data that is in use: that something has gone while it was copied is no failure. */
export async function bulkMoving(commands: Commands, argv: Argv, options: BulkOptions): Promise<void> {
  const { exitCode, signal, timedOut, stderr } = await commands.run(argv, { timeoutMs: COPY_TIMEOUT_MS, ...options });
  if (exitCode === 0 || (signal === undefined && !timedOut && isOnlyVanished(stderr))) return;
  const said = stderr.trim().split('\n').slice(-5).join('\n');
  const saw = said || signal || `exit code ${exitCode}`;
  throw new RefitError(
    codeOf(stderr) ?? 'E_COMMAND_FAILED',
    `Cannot copy with ${argv[0]}: saw ${saw}, expected a copy`,
    {
      facts: { program: argv[0], exitCode: exitCode ?? -1 },
    },
  );
}

function codeOf(text: string): ErrorCode | undefined {
  return ERRNOS.find(([pattern]) => pattern.test(text))?.[1];
}
