/** A command of the product's own, run where it can reach nothing but a scratch directory. */
export interface SandboxJob {
  /** The executable on this host. */
  readonly binary: string;
  readonly argv: readonly string[];
  /** A directory of ours; the job sees it at `place.scratch`, its only writable place. */
  readonly scratch: string;
  /** The whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** The product's user; undefined: ours. */
  readonly user: string | undefined;
  readonly timeoutMs: number;
}

export interface SandboxResult {
  readonly exitCode: number | undefined;
  /** Standard output and error together, the last 64 KiB. */
  readonly output: string;
  readonly timedOut: boolean;
  readonly ms: number;
}

/** Where a sandbox shows scratch to the job: what `{scratch}` in the job's environment must expand to. */
export interface Sandbox {
  /** How it confines, for the plan: "systemd sandbox" or "no sandbox: own user". */
  readonly describe: string;
  place(run: string, scratch: string): { readonly scratch: string };
  run(run: string, job: SandboxJob): Promise<SandboxResult>;
  /** Ends what a refit that was killed left of that run's jobs. Nothing where it left nothing. */
  clear(run: string): Promise<void>;
}
