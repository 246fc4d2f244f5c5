/**
 * Exit codes answer one question: what state is the machine in now? Frozen at 1.0.
 * Source: the table in README.md, "Exit codes".
 */
export const EXIT = {
  ok: 0,
  bug: 1,
  usage: 2,
  config: 3,
  refused: 4,
  source: 5,
  untrusted: 6,
  restored: 7,
  mixed: 8,
  paused: 9,
  locked: 10,
  journal: 11,
  fleet: 12,
  available: 100,
} as const;

export type ExitName = keyof typeof EXIT;

/** Every error a user can reach, and what the machine is when it is met alone. A code is never renamed, only retired. */
export const CATALOG = {
  E_USAGE: 'usage',
  E_CONFIRMATION_NEEDED: 'usage',
  E_CONFIG_INVALID: 'config',
  E_PROFILE_INVALID: 'config',
  E_PROFILE_MISSING: 'config',
  E_VERSION_UNPARSABLE: 'config',
  E_POLICY: 'config',
  E_CATALOGUE: 'config',
  E_ENV_UNREADABLE: 'config',
  E_INSTALLATION_UNKNOWN: 'config',
  E_INSTALLATION_AMBIGUOUS: 'config',
  E_DECLINED: 'refused',
  E_NOT_ROOT: 'refused',
  E_CHECK_FAILED: 'refused',
  E_DOWNGRADE: 'refused',
  E_UPGRADE_PATH: 'refused',
  E_NOTHING_TO_ROLL_BACK: 'refused',
  E_UPGRADES_DISABLED: 'refused',
  E_CHANNEL_REFUSED: 'refused',
  E_RELEASE_SKIPPED: 'refused',
  E_RELEASE_TOO_NEW: 'refused',
  E_NOT_SKIPPED: 'refused',
  E_NO_OPEN_RUN: 'refused',
  E_RUN_UNKNOWN: 'refused',
  E_SERVICE_UNKNOWN: 'refused',
  E_SNAPSHOT_INVALID: 'refused',
  E_DATA_CHANGED: 'refused',
  E_DATABASE_LOCKED: 'refused',
  E_WORLD_CHANGED: 'refused',
  E_SOURCE_UNREACHABLE: 'source',
  E_SOURCE_INVALID: 'source',
  E_RELEASE_UNKNOWN: 'source',
  E_RELEASE_UNDATED: 'source',
  E_DOWNLOAD_SHORT: 'source',
  E_TOO_LARGE: 'untrusted',
  E_DIGEST_MISSING: 'untrusted',
  E_DIGEST_MISMATCH: 'untrusted',
  E_CHECKSUMS_INVALID: 'untrusted',
  E_PIN_MISSING: 'untrusted',
  E_PIN_INVALID: 'untrusted',
  E_PIN_MISMATCH: 'untrusted',
  E_SIGNATURE_MISSING: 'untrusted',
  E_SIGNATURE_UNREADABLE: 'untrusted',
  E_SIGNATURE_INVALID: 'untrusted',
  E_SIGNER_MISMATCH: 'untrusted',
  E_TRUST_UNREADABLE: 'untrusted',
  E_MANIFEST_INVALID: 'untrusted',
  E_SEQUENCE_REPLAYED: 'untrusted',
  E_TRUST_REFUSED: 'untrusted',
  E_ARCHIVE_UNSAFE: 'untrusted',
  E_ARCHIVE_INVALID: 'untrusted',
  E_BUNDLE_INVALID: 'untrusted',
  E_ARCH_MISMATCH: 'untrusted',
  E_VERSION_MISMATCH: 'untrusted',
  E_COMMAND_FAILED: 'refused',
  E_COMMAND_TIMEOUT: 'refused',
  E_COMMAND_MISSING: 'refused',
  E_SERVICE_STOP: 'restored',
  E_SERVICE_START: 'restored',
  E_MIGRATION_FAILED: 'restored',
  E_HEALTH_FAILED: 'restored',
  E_HEALTH_EXTERNAL: 'paused',
  E_COPY_UNPROVEN: 'paused',
  E_API_FAILED: 'refused',
  E_HOOK_FAILED: 'refused',
  E_STEP_CRASHED: 'restored',
  E_UNDO_FAILED: 'mixed',
  E_WORKER_DIED: 'paused',
  E_RUN_OPEN: 'paused',
  E_LOCKED: 'locked',
  E_JOURNAL_CORRUPT: 'journal',
  E_JOURNAL_NEWER: 'journal',
  E_PLAN_MISMATCH: 'journal',
  E_NO_SPACE: 'refused',
  E_READ_ONLY: 'refused',
  E_IO: 'refused',
  E_PERMISSION: 'refused',
  E_NOT_FOUND: 'refused',
  E_FILE: 'refused',
} as const satisfies Record<string, ExitName>;

export type ErrorCode = keyof typeof CATALOG;

export interface ErrorDetail {
  /** What to type next. Shown on its own line; a command where there is one. */
  readonly hint?: string | undefined;
  /** Facts for `-o json` and the journal: what was seen, what was expected. Never secrets. */
  readonly facts?: Readonly<Record<string, string | number | boolean>> | undefined;
  readonly cause?: unknown;
}

/**
 * An error a user can reach. Anything else that escapes is a bug and exits 1.
 * Message style: "Cannot <do what> to <what>: saw X, expected Y". No full stop at the end, values quoted.
 */
export class RefitError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly facts: NonNullable<ErrorDetail['facts']>;

  constructor(code: ErrorCode, message: string, detail: ErrorDetail = {}) {
    super(message, detail.cause === undefined ? {} : { cause: detail.cause });
    this.code = code;
    this.hint = detail.hint;
    this.facts = detail.facts ?? {};
  }

  override get name(): string {
    return 'RefitError';
  }
}

/** The exit status an error means when it is all that happened. A run's own end overrides it (engine laws 5 to 7). */
export function exitOf(error: unknown): number {
  return error instanceof RefitError ? EXIT[CATALOG[error.code]] : EXIT.bug;
}
