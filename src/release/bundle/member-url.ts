import { fileURLToPath, pathToFileURL } from 'node:url';

/** By which a bundle is known, whatever became of its first bytes. */
export const BUNDLE_SUFFIX = '.refit.tar';

/** What a `file:` URL leads to: a file, or a member of the bundle that the file is. */
export interface LocalPlace {
  readonly path: string;
  /** Undefined: the file itself. */
  readonly member: string | undefined;
}

/** The member as a URL: plans are journaled, and must be found again by whoever goes on with them. */
export function memberUrl(path: string, member: string): string {
  const url = pathToFileURL(path);
  url.hash = encodeURIComponent(member);
  return url.href;
}

/** `pathToFileURL` writes a # of a path as %23, so what stands behind one is ours. */
export function localPlace(url: string): LocalPlace {
  const { hash } = new URL(url);
  return { path: fileURLToPath(url), member: hash === '' ? undefined : decodeURIComponent(hash.slice(1)) };
}
