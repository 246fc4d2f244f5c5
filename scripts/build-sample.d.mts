export type BreakMode =
  | 'none'
  | 'migration'
  | 'migration-empty'
  | 'boot'
  | 'crashloop'
  | 'silent'
  | 'slow'
  | 'dies-late'
  | 'ends-late'
  | 'errors'
  | 'burst'
  | 'late-ready'
  | 'throttled'
  | 'hang'
  | 'health'
  | 'page'
  | 'version'
  | 'agentport'
  | 'redflag'
  | 'assets'
  | 'wiped'
  | 'nostop'
  | 'agent-late'
  | 'agent-lost'
  | 'alert'
  | 'busy'
  | 'checksum'
  | 'noexec'
  | 'unloadable'
  | 'agent-boot'
  | 'agent-dies-late';

export type ProductName = 'sample' | 'dockmesh';

export interface BuildOptions {
  readonly out: string;
  /** What the product is called. Default: sample. */
  readonly as?: ProductName;
  /** Default: DEFAULT_VERSIONS. Any vMAJOR.MINOR.PATCH[-suffix]; the schema follows the imitated product's history. */
  readonly versions?: readonly string[];
  /** Version → how it is broken. What each mode does: `node scripts/build-sample.mjs --help`. */
  readonly breaks?: Readonly<Record<string, BreakMode>>;
  /** Default: both. */
  readonly arch?: readonly ('amd64' | 'arm64')[];
  /** No SQLite, no TLS, plain HTTP: ready as soon as Node can be. */
  readonly minimal?: boolean;
  /** The Node the binaries run on, an absolute path without blanks. Default: this one. */
  readonly node?: string;
}

/** v0.2.8 and v0.2.9 end at migration 033, v0.2.10 and v0.2.13 at 035. */
export const DEFAULT_VERSIONS: readonly string[];

/**
 * Writes `<out>/<tag>/{<name>_linux_<arch>.tar.gz…,checksums.txt}` and `<out>/releases.json` (newest first, no URLs in it:
 * an asset is at `<base>/<tag>/<name>`). The same options give the same bytes.
 */
export function buildReleases(options: BuildOptions): { readonly out: string; readonly versions: readonly string[] };
