import { RefitError } from '../errors.ts';

/** Housekeeping, and what is written for people: it stops nothing. A bug is still a bug. */
export async function ignoring(act: () => PromiseLike<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
  }
}
