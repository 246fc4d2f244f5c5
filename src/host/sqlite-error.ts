import { type ErrorCode, RefitError } from '../errors.ts';

/** Primary result codes. Source: sqlite.org/rescode.html. */
const BUSY = 5;
const LOCKED = 6;
const CODE_OF: Readonly<Record<number, ErrorCode>> = {
  3: 'E_PERMISSION',
  8: 'E_READ_ONLY',
  10: 'E_IO',
  11: 'E_SNAPSHOT_INVALID',
  13: 'E_NO_SPACE',
  14: 'E_FILE',
  26: 'E_SNAPSHOT_INVALID',
};

/** The primary result code; extended ones carry more in the higher bits. */
function resultCode(cause: unknown): number | undefined {
  const isOurs = cause instanceof Error && 'errcode' in cause && typeof cause.errcode === 'number';
  return isOurs ? (cause.errcode as number) & 0xff : undefined;
}

export function isBusy(cause: unknown): boolean {
  const code = resultCode(cause);
  return code === BUSY || code === LOCKED;
}

/** An error of SQLite as one of ours; what is none comes back as it is. `otherwise` is for codes that no table can judge. */
export function sqliteError(action: string, path: string, cause: unknown, otherwise: ErrorCode): unknown {
  const code = resultCode(cause);
  if (code === undefined || !(cause instanceof Error)) return cause;
  return new RefitError(CODE_OF[code] ?? otherwise, `Cannot ${action}: ${cause.message}`, {
    facts: { path, sqlite: code },
    cause,
  });
}
