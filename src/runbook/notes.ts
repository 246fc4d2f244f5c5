import { RefitError } from '../errors.ts';
import type { Profile } from '../product/schema.ts';
import { sourceOf } from './choose-release.ts';
import type { ReleaseNotes } from './releases.ts';
import type { Wish } from './wish.ts';
import type { Workshop } from './workshop.ts';

/**
 * What the publisher says of every version on the way; undefined where nothing is said. Prose decides nothing: whatever
 * keeps it from us, a plan is made without it.
 */
export async function notesFor(
  { releases }: Pick<Workshop, 'releases'>,
  wish: Pick<Wish, 'source' | 'tarball'>,
  profile: Profile,
  crossing: { readonly from?: string; readonly to: string },
): Promise<readonly ReleaseNotes[] | undefined> {
  if (wish.tarball !== undefined) return undefined;
  try {
    const notes = await releases.notes(sourceOf(wish, profile), crossing);
    return notes.length === 0 ? undefined : notes;
  } catch (error) {
    if (error instanceof RefitError) return undefined;
    throw error;
  }
}
