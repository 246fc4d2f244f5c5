import { RefitError } from '../../errors.ts';

/**
 * Runs what reads foreign bytes by means of a package. Anything it throws on them (a TypeError on a missing field, an ASN.1
 * error) says something about the bytes, so it is a refusal and no bug of ours.
 */
export function fromLibrary<T>(act: () => T, refuse: (cause: Error) => RefitError): T {
  try {
    return act();
  } catch (error) {
    if (error instanceof RefitError) throw error;
    throw refuse(error instanceof Error ? error : new Error(String(error)));
  }
}
