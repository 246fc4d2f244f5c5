import type { OtherSources } from './download-from.ts';
import { findElsewhere } from './find-elsewhere.ts';
import { isPassable, noneLeft, type PassedBy } from './passed-by.ts';
import type { AssetList } from './release.ts';

/** What `act` makes of a release where it was found, else at the first other source that can be asked. One error names each. */
export async function atFirst<T>(
  list: AssetList,
  { tag, sources }: OtherSources,
  { what, stop }: { readonly what: string; readonly stop?: AbortSignal | undefined },
  act: (list: AssetList) => Promise<T>,
): Promise<T> {
  const passed: PassedBy[] = [];
  for (const source of [undefined, ...sources]) {
    try {
      return await act(source === undefined ? list : await findElsewhere(source, tag, list, stop));
    } catch (error) {
      if (!isPassable(error)) throw error;
      passed.push({ where: source?.describe() ?? 'where the release was found', error });
    }
  }
  throw noneLeft(what, passed);
}
