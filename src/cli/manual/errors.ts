import { type ErrorCode, EXIT, type ExitName } from '../../errors.ts';

/** What a code means, for somebody who meets it at 3 a.m. The message itself says what was seen. */
const MEANING: Readonly<Record<ErrorCode, string>> = {
  E_USAGE: 'the command line is wrong',
  E_CONFIRMATION_NEEDED: 'nobody to ask, and no --yes',
  E_CONFIG_INVALID: 'refit.yaml, a token file or a service environment is wrong',
  E_PROFILE_INVALID: 'a profile has mistakes; every one is listed',
  E_PROFILE_MISSING: 'no profile for that product',
  E_VERSION_UNPARSABLE: 'not a version, a tag, a range or latest',
  E_ENV_UNREADABLE: "the service's env file cannot be read",
  E_INSTALLATION_UNKNOWN: 'the product is not on this host',
  E_INSTALLATION_AMBIGUOUS: 'several fit; name one',
  E_DECLINED: 'you said no',
  E_NOT_ROOT: 'needs root',
  E_CHECK_FAILED: 'a check inhibits; --waive CODE lets one pass',
  E_DOWNGRADE: 'older than what is installed; rollback goes back with the data',
  E_NOTHING_TO_ROLL_BACK: 'no run, or its generation was pruned',
  E_RELEASE_SKIPPED: 'every release that was asked for failed here before',
  E_NOT_SKIPPED: 'no release of that tag is passed by',
  E_NO_OPEN_RUN: 'no run to continue',
  E_RUN_UNKNOWN: 'no run of that name',
  E_SERVICE_UNKNOWN: 'the unit does not exist or runs nothing',
  E_SNAPSHOT_INVALID: 'the database is damaged or is none',
  E_DATA_CHANGED: 'data changed while it was copied, or a copy differs',
  E_WORLD_CHANGED: 'something is not as this run left it',
  E_SOURCE_UNREACHABLE: 'the source does not answer',
  E_SOURCE_INVALID: 'the source answers nonsense',
  E_RELEASE_UNKNOWN: 'no such release there; the nearest are named',
  E_DOWNLOAD_SHORT: 'the transfer kept breaking; the part is kept',
  E_TOO_LARGE: 'larger than the profile allows',
  E_DIGEST_MISSING: 'nothing says what the digest should be; --sha256 can',
  E_DIGEST_MISMATCH: 'not the bytes that were released',
  E_CHECKSUMS_INVALID: 'the list of digests cannot be trusted',
  E_ARCHIVE_UNSAFE: 'the archive tries something it must not',
  E_ARCHIVE_INVALID: 'not the archive that was expected',
  E_ARCH_MISMATCH: 'built for another processor, or no program at all',
  E_VERSION_MISMATCH: 'the binary says another version than its label',
  E_COMMAND_FAILED: 'a program refit started failed',
  E_COMMAND_TIMEOUT: 'a program refit started took too long',
  E_COMMAND_MISSING: 'a program refit needs is not installed',
  E_SERVICE_STOP: 'the service did not stop, or not all of it',
  E_SERVICE_START: 'the service does not start or does not answer',
  E_MIGRATION_FAILED: 'the new version could not migrate the data',
  E_HEALTH_FAILED: 'the new version is not healthy',
  E_HEALTH_EXTERNAL: 'something outside of the release is not well, so the new version cannot be judged',
  E_COPY_UNPROVEN: 'the copy of the data cannot be trusted: the upgrade cannot be undone with it',
  E_API_FAILED: "the product's API refused",
  E_HOOK_FAILED: 'a command of your own before the window failed',
  E_STEP_CRASHED: 'refit died three times in one step',
  E_UNDO_FAILED: 'the way back failed: mend what it names, then refit rollback',
  E_WORKER_DIED: 'the worker was killed: refit resume',
  E_RUN_OPEN: 'another run is not finished: refit resume or rollback',
  E_LOCKED: 'another refit is at work here: refit attach',
  E_JOURNAL_CORRUPT: 'the journal is damaged; nothing is guessed from it',
  E_JOURNAL_NEWER: 'the journal was written by a newer refit',
  E_PLAN_MISMATCH: 'the run was begun by another refit version',
  E_NO_SPACE: 'the disk is full',
  E_READ_ONLY: 'the file system is read-only',
  E_IO: 'the disk does not answer properly',
  E_PERMISSION: 'not allowed',
  E_NOT_FOUND: 'not there',
  E_FILE: 'the file system said no',
};

export function errorsPage(catalog: Readonly<Record<ErrorCode, ExitName>>): string {
  const codes = Object.keys(catalog) as ErrorCode[];
  const width = Math.max(...codes.map((code) => code.length));
  const rows = codes.map(
    (code) => `${code.padEnd(width)}  ${String(EXIT[catalog[code]]).padStart(2)}  ${MEANING[code]}`,
  );
  const head = `${'code'.padEnd(width)}  exit, when it is all that happened`;
  return `${head}\n${rows.join('\n')}\n`;
}
