import { RefitError } from '../../errors.ts';

export type Refuse = (seen: string, expected: string) => RefitError;

/** A manifest that is signed and yet no answer to what was asked. */
export function refusalOf(file: string): Refuse {
  return (seen, expected) =>
    new RefitError('E_MANIFEST_INVALID', `Cannot trust ${file}: saw ${seen}, expected ${expected}`, {
      hint: 'the source gives the manifest of another release, or one that was made wrong: ask the publisher',
      facts: { file, seen, expected },
    });
}
