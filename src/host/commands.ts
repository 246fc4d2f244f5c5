export type Argv = readonly [string, ...string[]];

export interface CommandOptions {
  readonly cwd?: string;
  /** The whole environment of the child; by default PATH, LANG=C.UTF-8 and nothing else. */
  readonly env?: Readonly<Record<string, string>>;
  /** Then the child and all of its group are killed: a result with `timedOut`. */
  readonly timeoutMs: number;
  /** Called once the child is under way: what loads meanwhile keeps nobody waiting. Not called for one that cannot be started. */
  readonly onStart?: () => void;
  /** Kills the child and all of its group; rejects with the signal's reason. */
  readonly stop?: AbortSignal;
  /** Bytes where names of files are handed over: they need not be UTF-8. Where a source breaks, the child is killed: rejects with its error. */
  readonly input?: string | Uint8Array | AsyncIterable<Uint8Array>;
  /** Give both, or neither; other groups are dropped. */
  readonly uid?: number;
  readonly gid?: number;
  /** Lowest CPU and I/O priority (nice, ionice): bulk copies and archives. */
  readonly background?: boolean;
  /** What it and its children read and write at most, each; stopped for moments where they are ahead. */
  readonly bytesPerSecond?: number | undefined;
  /** Is handed stdout as it comes, which is then not kept; of any length. Where it throws, the child is killed: rejects with that. Not for `stream`. */
  readonly onOutput?: ((part: Uint8Array) => void) | undefined;
  /** Bytes kept: the first of stdout, the last of stderr (errors come last); the rest is dropped. Default 1 MiB. */
  readonly maxOutput?: number;
}

export interface CommandResult {
  readonly exitCode: number | undefined;
  /** The signal that ended it, if one did. */
  readonly signal: string | undefined;
  readonly timedOut: boolean;
  readonly stdout: string;
  readonly stderr: string;
  readonly ms: number;
}

/**
 * The only way to start a process. `argv` is a list; there is no shell. Children run in a session of their own, so that
 * Ctrl-C reaches none of them, and die with us (`setpriv --pdeathsig KILL`), or an orphaned `cp` writes into the next run.
 * The child's own children do not: the kernel clears the signal on fork. So no pipelines and no scripts that change things.
 */
export interface Commands {
  /** Runs a child that may change the machine: one numbered effect. Any exit code is a result. E_COMMAND_MISSING if not found. */
  run(argv: Argv, options: CommandOptions): Promise<CommandResult>;
  /** Runs a child that only looks: not an effect. */
  query(argv: Argv, options: CommandOptions): Promise<CommandResult>;
  /** As `run`, and anything but exit 0 rejects with E_COMMAND_FAILED or E_COMMAND_TIMEOUT, the last stderr lines in the message. */
  must(argv: Argv, options: CommandOptions): Promise<CommandResult>;
  /**
   * As `query`, its stdout handed on as it comes, and no faster than it is taken: of any length. After the last part it rejects as
   * `must` does, so that what came is whole only where it ends without an error. A reader that goes away kills the child.
   */
  stream(argv: Argv, options: CommandOptions): AsyncIterable<Uint8Array>;
  /**
   * Starts a process that outlives us, in a session of its own, stdin from /dev/null, stdout and stderr appended to `logPath`: one
   * numbered effect. Returns its pid.
   */
  spawnDetached(
    argv: Argv,
    options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly logPath: string },
  ): Promise<number>;
  /** The absolute path of a program on PATH, or undefined. */
  find(program: string): Promise<string | undefined>;
  /** Sends a signal; false if there is no such process. One numbered effect. */
  signal(pid: number, signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<boolean>;
  /**
   * Clock ticks since boot at which the process started (field 22 of /proc/PID/stat): with the pid it names one process for
   * ever. `undefined` if it runs no more, also while its parent has not reaped it.
   */
  startTimeOf(pid: number): Promise<string | undefined>;
}
