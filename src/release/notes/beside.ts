import { RefitError } from '../../errors.ts';
import { findAsset } from '../assets.ts';
import { fetchSmall } from '../fetch-small.ts';
import type { Release, ReleaseHost } from '../release.ts';
import { NOTES_MAX_BYTES } from './notes.ts';

/** By the first that is there, where the list of releases says nothing itself. */
const NAMES = ['RELEASE_NOTES.md', 'NOTES.md'];

/** The notes that lie among a release's files; undefined where there are none, or what is there is no such thing. */
export async function notesBeside(
  host: ReleaseHost,
  release: Release,
  stop: AbortSignal | undefined,
): Promise<string | undefined> {
  for (const name of NAMES) {
    const asset = findAsset(release, name);
    if (asset === undefined) continue;
    try {
      const data = await fetchSmall(host, asset.url, { maxBytes: NOTES_MAX_BYTES, stop });
      if (data !== undefined) return data.toString('utf8');
    } catch (error) {
      if (!(error instanceof RefitError) || error.code !== 'E_TOO_LARGE') throw error;
    }
  }
  return undefined;
}
