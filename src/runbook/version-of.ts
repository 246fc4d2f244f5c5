import { RefitError } from '../errors.ts';
import type { Argv, CommandOptions, Commands } from '../host/commands.ts';
import type { Profile } from '../product/schema.ts';

export interface BinaryVersion {
  readonly version: string;
  readonly commit: string | undefined;
}

const TIMEOUT_MS = 15_000;

/** What an executable says of itself; undefined where it cannot run or says something else. Only asked of proven or installed files. */
export async function versionOf(
  commands: Pick<Commands, 'query'>,
  { binary }: Profile,
  path: string,
  onStart: () => void = () => undefined,
): Promise<BinaryVersion | undefined> {
  const { argv, env, pattern } = binary.version;
  const options = {
    timeoutMs: TIMEOUT_MS,
    env: { PATH: '/usr/bin:/bin', ...env },
    cwd: '/',
    maxOutput: 65_536,
    onStart,
  };
  const said = await saidBy(commands, [path, ...argv], options);
  const groups = new RegExp(pattern, 'u').exec(said)?.groups;
  const version = groups?.['version'];
  return version === undefined ? undefined : { version, commit: groups?.['commit'] };
}

async function saidBy(commands: Pick<Commands, 'query'>, argv: Argv, options: CommandOptions): Promise<string> {
  try {
    return (await commands.query(argv, options)).stdout;
  } catch (error) {
    // Not there, not for us, not for this processor: it says nothing.
    if (error instanceof RefitError) return '';
    throw error;
  }
}
