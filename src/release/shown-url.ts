import { localPlace } from './bundle/member-url.ts';

/** A URL for people and records: a path for a local file, without the query and the user, which may carry secrets, else. */
export function shownUrl(url: string): string {
  if (url.startsWith('file:')) {
    const { path, member } = localPlace(url);
    return member === undefined ? path : `${path} (${member})`;
  }
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}
