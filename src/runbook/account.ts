import type { Commands } from '../host/commands.ts';

const LOOKUP_MS = 10_000;

export interface Ids {
  readonly uid: number;
  readonly gid: number;
}

/** Of an account of this host, with its own group or with that one; undefined where either is not known here. */
export async function idsOf(commands: Commands, user: string, group = ''): Promise<Ids | undefined> {
  const asked = async (argv: readonly [string, ...string[]], field: number): Promise<number> => {
    const { exitCode, stdout } = await commands.query(argv, { timeoutMs: LOOKUP_MS });
    return exitCode === 0 ? Number(stdout.trim().split(':')[field] || Number.NaN) : Number.NaN;
  };
  const [uid, gid] = await Promise.all([
    asked(['id', '-u', '--', user], 0),
    group === '' ? asked(['id', '-g', '--', user], 0) : asked(['getent', 'group', '--', group], 2),
  ]);
  return Number.isSafeInteger(uid) && Number.isSafeInteger(gid) ? { uid, gid } : undefined;
}
