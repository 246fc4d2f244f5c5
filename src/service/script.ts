import { basename } from 'node:path';

/** What the first line of a script names. Source: execve(2), "Interpreter scripts"; env(1). */
export interface Interpreter {
  /** As written; behind `env` often a bare name, searched on a PATH that is not ours. */
  readonly program: string;
}

/** The kernel reads no further in a first line. Source: BINPRM_BUF_SIZE in linux/binfmts.h. */
export const FIRST_LINE_BYTES = 256;

/** `undefined` for the head of a file that is no script. */
export function interpreterIn(head: string): Interpreter | undefined {
  const line = /^#![ \t]*([^\n]*)/.exec(head)?.[1] ?? '';
  const [program = '', ...words] = line.trim().split(/[ \t]+/);
  if (program === '') return undefined;
  if (basename(program) !== 'env') return { program };
  const named = words.find((word) => !word.startsWith('-') && !word.includes('='));
  return named === undefined ? undefined : { program: named };
}

/**
 * The file that an interpreter with this command line (of /proc/PID/cmdline) was started on: its first argument that is no
 * option. Later ones are the script's own: an editor written in the same language has the file open and does not run it.
 */
export function scriptIn(cmdline: string): string | undefined {
  const [, ...words] = cmdline.split('\0');
  return words.find((word) => !word.startsWith('-')) || undefined;
}
