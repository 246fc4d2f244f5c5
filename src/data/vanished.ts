/** Said by find, stat, sha256sum and cp of what was there a moment ago; the last two by cp where a directory was moved while it walked. */
const VANISHED =
  /(No such file or directory|Not a directory|Stale file handle|as it was replaced while being copied|will not create hard link .* to directory .*|will not copy .* more than once)$/;

/** Whether all that a child complained about is that something is not where it was. */
export function isOnlyVanished(stderr: string): boolean {
  return stderr
    .trim()
    .split('\n')
    .every((line) => VANISHED.test(line));
}
