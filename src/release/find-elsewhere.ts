import type { AssetList, Release, Source } from './release.ts';

/** The release at another source, its files held to the hosts that the first one's were: bytes come from anywhere, detours do not. */
export async function findElsewhere(
  source: Source,
  tag: string,
  { redirects }: Pick<AssetList, 'redirects'>,
  stop: AbortSignal | undefined,
): Promise<Release> {
  const release = await source.find(tag, stop);
  return redirects === undefined ? release : { ...release, redirects };
}
