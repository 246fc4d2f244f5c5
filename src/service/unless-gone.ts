import { RefitError } from '../errors.ts';

/** A process may be gone, or not ours to look at, by the time we look. */
const GONE = new Set(['E_NOT_FOUND', 'E_PERMISSION', 'E_FILE']);

/** What was seen; `undefined` where it was not there to be seen. */
export async function unlessGone<T>(look: () => Promise<T>): Promise<T | undefined> {
  try {
    return await look();
  } catch (error) {
    if (error instanceof RefitError && GONE.has(error.code)) return undefined;
    throw error;
  }
}
