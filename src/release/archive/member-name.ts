import { posix } from 'node:path';

/** The one way a path can be written from the archive's root: no "./" in front, no "//", no "/" at the end. */
export function canonicalName(name: string): string {
  return posix.normalize(name).replace(/\/$/, '');
}

/** PATH_MAX and NAME_MAX. */
const LONGEST = 4095;
const LONGEST_PART = 255;

/** Why no honest archive holds a member of this name; undefined where one may. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'a member without a name';
  // Also U+FFFD, which stands for bytes that are no UTF-8: two such names may be one to us and two on the disk.
  if (/[\p{Cc}\ufffd]/u.test(name)) return 'a name with control characters';
  if (name.includes('\\')) return 'a name with backslashes';
  if (name.length > LONGEST || name.split('/').some((part) => Buffer.byteLength(part) > LONGEST_PART))
    return 'a name that is too long';
  if (climbs(name)) return 'a name that leads outside';
  return undefined;
}

/** Absolute, or with a "..": leads outside, or may. */
function climbs(path: string): boolean {
  return path.startsWith('/') || path.split('/').includes('..');
}
