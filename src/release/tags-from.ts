import { parseVersion } from '../version/version.ts';
import type { NamedSource } from './choose-from.ts';
import { isPassable, noneLeft, type PassedBy } from './passed-by.ts';

/**
 * Every tag that the first source lists which can be asked. Not those that their publisher marked as prereleases though their
 * names do not say so: nobody would take them for one.
 */
export async function tagsFrom(sources: readonly NamedSource[]): Promise<readonly string[]> {
  const passed: PassedBy[] = [];
  for (const { source } of sources) {
    try {
      const all = await source.list();
      return all
        .filter(({ tag, prerelease }) => !prerelease || parseVersion(tag)?.prerelease === true)
        .map(({ tag }) => tag);
    } catch (error) {
      if (!isPassable(error)) throw error;
      passed.push({ where: source.describe(), error });
    }
  }
  throw noneLeft('list the releases', passed);
}
