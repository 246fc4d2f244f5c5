/** One system call of a traced process tree, in the order of their beginnings. */
export interface Call {
  /** The thread that made it. */
  readonly thread: number;
  readonly name: string;
  /** Its arguments as strace prints them. */
  readonly args: string;
  /** What it returned; undefined where it never did, or was cut. */
  readonly result: number | undefined;
  /** As printed, for people. */
  readonly line: string;
}

/** What changes a file system, or could be used to. A write needs an open file, so opening for writing stands for all writes. */
const MUTATING =
  'open,openat,openat2,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,mkdir,mkdirat,rmdir,' +
  'mknod,mknodat,chmod,fchmod,fchmodat,fchmodat2,chown,lchown,fchown,fchownat,fsync,fdatasync,sync,syncfs,sync_file_range,' +
  'truncate,ftruncate,fallocate,copy_file_range,setxattr,lsetxattr,fsetxattr,removexattr,lremovexattr,fremovexattr,' +
  'utime,utimes,futimesat,utimensat,mount,umount2,io_uring_setup';
const MARKERS = 'access,faccessat,faccessat2';
const PROCESSES = 'clone,clone3,fork,vfork,execve';

/** Starts `argv` under strace: all threads and children, descriptors with their paths. */
export function straceArgv(log: string, argv: readonly string[]): readonly [string, ...string[]] {
  // A question mark: this strace or this architecture may not know it.
  const names = [MUTATING, MARKERS, PROCESSES].join(',').split(',');
  const filter = `trace=${names.map((name) => `?${name}`).join(',')}`;
  return [
    'strace',
    '-f',
    '-y',
    '-qq',
    '-s',
    '4096',
    '--seccomp-bpf',
    '-e',
    'signal=none',
    '-e',
    filter,
    '-o',
    log,
    '--',
    ...argv,
  ];
}

const WHOLE = /^(\d+) +(\w+)\((.*)\) += (-?\d+|\?)/s;
const BEGUN = /^(\d+) +(\w+)\((.*) <unfinished \.\.\.>$/s;
const RESUMED = /^(\d+) +<\.\.\. (\w+) resumed>(.*)\) += (-?\d+|\?)/s;

export function parseStrace(text: string): readonly Call[] {
  const calls: Call[] = [];
  const open = new Map<string, number>();
  for (const line of text.split('\n')) {
    const whole = WHOLE.exec(line);
    const begun = BEGUN.exec(line);
    const resumed = RESUMED.exec(line);
    if (resumed !== null) {
      const [, thread, name, rest, result] = resumed;
      const at = open.get(`${thread} ${name}`);
      const call = at === undefined ? undefined : calls[at];
      if (at !== undefined && call !== undefined) {
        calls[at] = { ...call, args: call.args + rest, result: numberOf(result), line: `${call.line} ${line}` };
      }
    } else if (begun !== null) {
      const [, thread, name = '', args = ''] = begun;
      open.set(`${thread} ${name}`, calls.length);
      calls.push({ thread: Number(thread), name, args, result: undefined, line });
    } else if (whole !== null) {
      const [, thread, name = '', args = '', result] = whole;
      calls.push({ thread: Number(thread), name, args, result: numberOf(result), line });
    }
  }
  return calls;
}

function numberOf(result: string | undefined): number | undefined {
  return result === undefined || result === '?' ? undefined : Number(result);
}

const OPENS = ['open', 'openat', 'openat2'];
const FOR_WRITING = /O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE/;
/** Neither is the machine: what is written there is gone with the process, or is nobody's. */
const NOT_THE_MACHINE = /"\/dev\/(null|tty|ptmx|urandom)"|"\/proc\/|<(pipe|socket|anon_inode|\/memfd):/;

/** Whether it changed something on the machine. */
export function isMutation({ name, args, result }: Call): boolean {
  if (result === undefined || result < 0 || NOT_THE_MACHINE.test(args)) return false;
  // libuv has two rings: one without this flag, only for epoll_ctl, and one with it, off by default, for files, whose calls
  // no strace would show. Source: uv__platform_loop_init and uv__get_iou in its src/unix/linux.c.
  if (name === 'io_uring_setup') return args.includes('IORING_SETUP_SQPOLL');
  if (OPENS.includes(name)) return FOR_WRITING.test(args);
  return MUTATING.split(',').includes(name);
}

/** `begin` or `end` of a numbered effect, if that is what it marks. */
export function markOf({ name, args }: Call): { readonly moment: 'begin' | 'end'; readonly n: number } | undefined {
  if (!MARKERS.split(',').includes(name)) return undefined;
  const [, moment, n] = /"\/refit-effect\/(begin|end)\/(\d+)"/.exec(args) ?? [];
  return moment === undefined ? undefined : { moment: moment as 'begin' | 'end', n: Number(n) };
}

/** The thread or process it made, if it made one. */
export function childOf({ name, args, result }: Call): { readonly id: number; readonly isThread: boolean } | undefined {
  if (!['clone', 'clone3', 'fork', 'vfork'].includes(name) || result === undefined || result <= 0) return undefined;
  return { id: result, isThread: args.includes('CLONE_THREAD') };
}
