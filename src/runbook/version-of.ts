import type { Commands } from '../host/commands.ts';
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
): Promise<BinaryVersion | undefined> {
  const { argv, env, pattern } = binary.version;
  const done = await commands.query([path, ...argv], {
    timeoutMs: TIMEOUT_MS,
    env: { PATH: '/usr/bin:/bin', ...env },
    cwd: '/',
    maxOutput: 65_536,
  });
  const groups = new RegExp(pattern, 'u').exec(done.stdout)?.groups;
  const version = groups?.['version'];
  return version === undefined ? undefined : { version, commit: groups?.['commit'] };
}
