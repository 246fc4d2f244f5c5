/** A copy takes as long as the disk needs; this only ends a child that hangs on a dead network file system. */
export const COPY_TIMEOUT_MS = 6 * 60 * 60 * 1000;

/**
 * `--preserve=xattr` after `-a` turns attributes that could not be kept from silence into a failure, so their copy is proven by
 * the exit status. `-x`: a mount that appeared meanwhile stays out.
 */
export const CP = ['cp', '-a', '-x', '--preserve=xattr', '--reflink=auto', '--sparse=always'] as const;

/** `find -path` takes a pattern; a path is to mean itself. */
export function literal(path: string): string {
  return path.replace(/[*?[\]\\]/g, '\\$&');
}
