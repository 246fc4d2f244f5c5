import { fileURLToPath } from 'node:url';

/** A URL for people and records: a path for a local file, without the query and the user, which may carry secrets, else. */
export function shownUrl(url: string): string {
  if (url.startsWith('file:')) return fileURLToPath(url);
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
