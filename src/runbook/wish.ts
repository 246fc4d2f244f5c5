/** What a person asked for, after flags, environment and refit.yaml have been resolved. Paths are absolute. */
export interface Wish {
  readonly product: string | undefined;
  readonly installation: string | undefined;
  /** A profile of their own. */
  readonly profile: string | undefined;
  /** Root of an embedded installation. */
  readonly prefix: string | undefined;
  /** A range, a tag or "latest". */
  readonly to: string;
  /** A URL, a folder or a bundle; perhaps a tarball: see `settled`. */
  readonly source: string | undefined;
  /** Of the profile's channels; undefined: the first. */
  readonly channel: string | undefined;
  /** Further ones, in the order in which they are tried where it does not do. */
  readonly mirrors?: readonly string[];
  /** A tarball; perhaps a bundle. */
  readonly tarball: string | undefined;
  readonly sha256: string | undefined;
  readonly allowPrerelease: boolean;
  /** Another major may follow, where the policy asks for consent. */
  readonly allowMajor?: boolean | undefined;
  /** A version of the way at which it ends. */
  readonly stopAt?: string | undefined;
  /** A file of `refit pin`: that release and nothing else. */
  readonly pinned?: string | undefined;
  /** Younger releases are passed by, in milliseconds; undefined: none. */
  readonly minAgeMs?: number | undefined;
  /** Over several hops: where a later one fails, back to before the first. */
  readonly allOrNothing?: boolean | undefined;
  /** Codes of findings that shall not inhibit. */
  readonly waived: readonly string[];
  /** Why they shall not. */
  readonly because?: string | undefined;
  /** ISO 8601, UTC: the service is not to be stopped before, or not after. */
  readonly notBefore?: string | undefined;
  readonly notAfter?: string | undefined;
  /** Consent to what crossings change, as the plan shows it. */
  readonly applyEnvEdits: boolean;
  /** Put the data of then back although the version before could run on what is there. */
  readonly restoreData: boolean;
  /** Try the migration on a copy of the data before the window. */
  readonly rehearse: boolean;
  /** Archive the copy of before, after the commit; undefined: do not. */
  readonly archive: 'zstd' | 'gzip' | undefined;
  /** Stacks whose services are read before the commit. */
  readonly spotChecks: readonly string[];
  readonly token: string | undefined;
  /** Bytes per second that the copy made while the service runs may take; undefined: as many as the machine has left. */
  readonly copyRate: number | undefined;
  /** Bytes per second that a download may take; undefined: as many as the line has. */
  readonly limitRate?: number | undefined;
  /** How long a started service may take to answer, in milliseconds; undefined: as learned. */
  readonly deadlineMs: number | undefined;
}
