import { basename, resolve } from 'node:path';
import type { Files } from '../host/files.ts';
import { FIRST_LINE_BYTES, interpreterIn, scriptIn } from './script.ts';
import { unlessGone } from './unless-gone.ts';

/** What Linux appends to the name of a running file that was replaced or removed. */
const DELETED = / \(deleted\)$/;
/** A script's name stands at the start of a command line, however long that is. */
const COMMAND_LINE_BYTES = 64 * 1024;

/** Whether the process of this id, a name in /proc, runs a certain file. */
type RunsFile = (id: string) => Promise<boolean>;

/** By what the kernel says the process is; of a script that is its interpreter, and the command line says the rest. */
export async function runsFile(files: Files, execPath: string): Promise<RunsFile> {
  const real = (await unlessGone(() => files.realPath(execPath))) ?? execPath;
  const head = await unlessGone(() => files.readHead(real, FIRST_LINE_BYTES));
  const program = interpreterIn(head?.toString() ?? '')?.program;
  const interpreter = program?.includes('/') ? await unlessGone(() => files.realPath(program)) : undefined;
  return async (id) => {
    const exe = (await unlessGone(() => files.readLink(`/proc/${id}/exe`)))?.replace(DELETED, '');
    if (exe === undefined || program === undefined) return exe === real;
    const cmdline = await unlessGone(() => files.readHead(`/proc/${id}/cmdline`, COMMAND_LINE_BYTES));
    const words = cmdline?.toString() ?? '';
    const called = basename(words.split('\0')[0] ?? '');
    const names = [basename(program), basename(exe)];
    // By its name too: in busybox the shell and the editor are one file. Searched by name, `python3` is a link to another.
    const isInterpreter =
      interpreter === undefined
        ? names[0] === called || names[0] === names[1]
        : exe === interpreter && names.includes(called);
    const script = isInterpreter ? scriptIn(words) : undefined;
    if (script === undefined) return false;
    const directory = (await unlessGone(() => files.readLink(`/proc/${id}/cwd`))) ?? '/';
    const path = resolve(directory, script);
    return ((await unlessGone(() => files.realPath(path))) ?? path) === real;
  };
}
