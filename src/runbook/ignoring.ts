import { RefitError } from '../errors.ts';

/** Housekeeping, and what is written for people: it stops nothing. A bug is still a bug. */
export async function ignoring(act: () => PromiseLike<unknown>): Promise<void> {
  try {
    await act();
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
  }
}

/** Journals and ledgers are root's: a plan without is made as if nothing had been there, and the upgrade itself then knows. */
export async function ignoringUnreadable<T>(read: () => Promise<T>): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof RefitError && error.code === 'E_PERMISSION') return undefined;
    throw error;
  }
}
