import { RefitError } from '../errors.ts';
import { parseRequest } from '../version/request.ts';
import { type ResolveOptions, resolve } from '../version/resolve.ts';
import type { Release, Source } from './release.ts';

export interface ChooseOptions extends ResolveOptions {
  /** Tags that are not chosen, as if they were not there. */
  readonly without?: readonly string[];
  /** Asked of what the request means, newest first; what does not pass is not chosen either. */
  readonly passes?: ((release: Release) => boolean) | undefined;
  readonly stop?: AbortSignal | undefined;
}

/**
 * The release that `request` (a tag, a range, "latest") means at `source`. Errors: those of `resolve` and of the source.
 * An exact tag is asked for by name first: that costs one request, and works where there is no list.
 */
export async function choose(
  source: Source,
  request: string,
  { without = [], passes = () => true, stop, ...options }: ChooseOptions,
): Promise<Release> {
  const wanted = parseRequest(request);
  if (wanted.kind === 'exact') {
    const found = await findExactly(source, wanted.version.tag, stop);
    if (found !== undefined && passes(found)) return found;
  }
  let there = (await source.list(stop)).filter(({ tag }) => !without.includes(tag));
  for (;;) {
    const picked = resolve(request, there, options);
    if (passes(picked)) return picked;
    there = there.filter((one) => one !== picked);
  }
}

async function findExactly(source: Source, tag: string, stop: AbortSignal | undefined): Promise<Release | undefined> {
  try {
    return await source.find(tag, stop);
  } catch (error) {
    // Perhaps spelt with or without its v; if not, the list knows what is nearest.
    if (error instanceof RefitError && error.code === 'E_RELEASE_UNKNOWN') return undefined;
    throw error;
  }
}
