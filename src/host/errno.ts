import { type ErrorCode, RefitError } from '../errors.ts';

/** Every other errno is E_FILE. Source: errno(3). */
const CODE_OF: Readonly<Record<string, ErrorCode>> = {
  ENOSPC: 'E_NO_SPACE',
  EDQUOT: 'E_NO_SPACE',
  EROFS: 'E_READ_ONLY',
  EIO: 'E_IO',
  EACCES: 'E_PERMISSION',
  EPERM: 'E_PERMISSION',
  ENOENT: 'E_NOT_FOUND',
};

const HINT_OF: Readonly<Record<string, (path: string) => string>> = {
  ENOSPC: (path) => `Free some space (df -h ${path}; df -i ${path}), then run the same command again`,
  EDQUOT: (path) => `Raise the quota or free some space (quota; df -h ${path}), then run the same command again`,
  EROFS: (path) => `Mount it writable: findmnt -T ${path} shows the file system`,
  EIO: () => 'The disk reports errors: look at dmesg before anything else',
  EACCES: (path) => `Run it as root; as root already, look at namei -l ${path}`,
  EPERM: (path) => `Run it as root; as root already, lsattr -d ${path} shows an immutable file`,
  ENOENT: (path) => `namei -l ${path} shows how far that path leads`,
  ENOTDIR: (path) => `namei -l ${path} shows how far that path leads`,
  ELOOP: (path) => `A symbolic link is in its place, and links are not written through: ls -l ${path}`,
};

/** The errno name of a system error, e.g. `ENOSPC`; `undefined` for anything else, also for Node's own `ERR_…`. */
export function errnoOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error) || !('code' in cause) || typeof cause.code !== 'string') return undefined;
  return /^E[A-Z0-9]+$/.test(cause.code) ? cause.code : undefined;
}

/**
 * A system error as one of ours: "Cannot write /a/b: ENOSPC". What carries no errno comes back as it is: it is coded
 * already, or an abort, or a bug that must stay one (engine law 8).
 */
export function fileError(action: string, path: string, cause: unknown): unknown {
  const errno = errnoOf(cause);
  if (errno === undefined) return cause;
  return new RefitError(CODE_OF[errno] ?? 'E_FILE', `Cannot ${action}: ${errno}`, {
    hint: HINT_OF[errno]?.(path) ?? `Look at it: ls -ld ${path}`,
    facts: { errno, path },
    cause,
  });
}

/** Runs `act`; a system error in it rejects as `fileError` says. */
export async function naming<T>(action: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (cause) {
    throw fileError(action, path, cause);
  }
}
