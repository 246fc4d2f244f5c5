import { resolve } from '../version/resolve.ts';

/** Whether a wish (a tag, a range, "latest") is fulfilled by this one release. */
export function resolvesTo(wish: string, tag: string): boolean {
  try {
    return resolve(wish, [{ tag, prerelease: false }], { allowPrerelease: true }).tag === tag;
  } catch {
    return false;
  }
}
