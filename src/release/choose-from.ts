import { type ChooseOptions, choose } from './choose.ts';
import { isPassable, noneLeft, type PassedBy, passedByText } from './passed-by.ts';
import type { Release, Source } from './release.ts';

/** A source, and how `--source` named it; undefined for the product's own repository. */
export interface NamedSource {
  readonly name: string | undefined;
  readonly source: Source;
}

/**
 * The release that `request` means at the first source that has one. It knows the other sources: its files are fetched from
 * them where this one fails later. Rejects with one error that names each.
 */
export async function chooseFrom(
  sources: readonly NamedSource[],
  request: string,
  options: ChooseOptions,
): Promise<Release> {
  const passed: PassedBy[] = [];
  for (const { name, source } of sources) {
    try {
      const release = await choose(source, request, options);
      const others = sources.flatMap((other) => (other.name === name ? [] : (other.name ?? [])));
      if (others.length === 0) return release;
      const origin = [source.describe(), ...passed.map(passedByText)].join('; ');
      return { ...release, elsewhere: { tag: release.tag, sources: others }, origin };
    } catch (error) {
      if (!isPassable(error)) throw error;
      passed.push({ where: source.describe(), error });
    }
  }
  throw noneLeft(`find ${request}`, passed);
}
