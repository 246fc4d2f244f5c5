import type { Argv, CommandOptions } from './commands.ts';
import type { Wrappers } from './find-program.ts';

/**
 * If we died before setpriv had asked for the signal, none will come: then the child's parent is not us any more, and it
 * must not start. The text is fixed and the argv goes past it as "$@": nothing in it is ever parsed by the shell. What
 * shells add to the environment by themselves is taken out again.
 */
const ONLY_UNDER_US = '[ "$PPID" = "$0" ] && unset PWD OLDPWD SHLVL && exec "$@"';

/**
 * The argv that really starts. setpriv changes the ids first and asks for the signal then (a change of ids clears it),
 * and an exec of a program without set-id bits keeps it. Only the direct child gets it: the kernel clears it on fork.
 */
export function childArgv(
  argv: Argv,
  options: Pick<CommandOptions, 'uid' | 'gid' | 'background'>,
  wrappers: Wrappers,
  parent: number,
): Argv {
  const { setpriv, nice, ionice, shell } = wrappers;
  const quiet: string[] = [];
  if (options.background && nice !== undefined) quiet.push(nice, '-n', '19');
  if (options.background && ionice !== undefined) quiet.push(ionice, '-c', '3');
  const guard = shell === undefined ? [] : [shell, '-c', ONLY_UNDER_US, String(parent)];
  const [first, ...rest] = [...quiet, ...argv] as [string, ...string[]];
  if (setpriv === undefined) return [first, ...rest];
  return [setpriv, ...identity(options), '--pdeathsig', 'KILL', '--', ...guard, first, ...rest];
}

function identity({ uid, gid }: Pick<CommandOptions, 'uid' | 'gid'>): readonly string[] {
  if (uid === undefined && gid === undefined) return [];
  return [
    ...(uid === undefined ? [] : ['--reuid', String(uid)]),
    ...(gid === undefined ? [] : ['--regid', String(gid)]),
    '--clear-groups',
  ];
}
