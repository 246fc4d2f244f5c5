import { RefitError } from '../../errors.ts';
import type { AssetList } from '../../release/release.ts';
import type { Releases } from '../releases.ts';

/**
 * The SHA-256 that everybody says who says any; undefined where nobody does, they disagree, or cannot be asked. Only to find bytes
 * by: the proof asks again, and judges.
 */
export async function toldDigest(
  { claims }: Pick<Releases, 'claims'>,
  list: AssetList,
  request: {
    readonly name: string;
    readonly pinned?: string | undefined;
    readonly pin?: string | undefined;
    readonly stop?: AbortSignal;
  },
): Promise<string | undefined> {
  try {
    const told = new Set((await claims(list, request)).map(({ sha256 }) => sha256));
    return told.size === 1 ? [...told][0] : undefined;
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}
