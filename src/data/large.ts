import { RefitError } from '../errors.ts';
import type { BlocksUpdated } from '../host/files.ts';
import type { Raw } from './entry.ts';
import type { Holds } from './holds.ts';
import type { DataHost } from './listing.ts';
import { unescapeName } from './names.ts';
import type { Pace } from './pace.ts';

/** From here on a change is brought over block by block. Below, a copy of the whole costs as little. */
export const LARGE_BYTES = 8 * 1024 * 1024;

/** One large file, where it lives and where its copy lies. */
export interface Large {
  readonly from: string;
  readonly to: string;
}

/** Undefined for what is small, what this process may not open, and what has other names, which cp links again. */
export function largeOf(entry: Raw, live: string, kept: string, { locked }: Pick<Holds, 'locked'>): Large | undefined {
  if (entry.type !== 'file' || entry.size < LARGE_BYTES || entry.links > 1) return undefined;
  const name = unescapeName(entry.name);
  if (name === undefined || locked.has(`${live}/${name}`)) return undefined;
  return { from: `${live}/${name}`, to: `${kept}/${name}` };
}

const NOTHING: BlocksUpdated = { digests: undefined, written: 0 };

/** Updates the copy of a file that is in use. No digests where one of the two is no file any more. */
export async function updateMoving(
  { files }: DataHost,
  { from, to }: Large,
  known: Uint8Array | undefined,
  pace: Pace,
): Promise<BlocksUpdated> {
  try {
    return await files.updateBlocks(from, to, { known, ...pace });
  } catch (error) {
    if (error instanceof RefitError && (error.code === 'E_NOT_FOUND' || error.code === 'E_FILE')) return NOTHING;
    throw error;
  }
}
