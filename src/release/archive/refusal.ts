import { RefitError } from '../../errors.ts';

const HINT = 'do not use this archive: fetch it again, and if it stays so ask the publisher';

/** It is no archive, or a damaged one. `saw` follows "saw". */
export function invalidArchive(archive: string, saw: string, cause?: unknown): RefitError {
  const expected = saw.includes('expected') ? '' : ', expected a whole archive of the release';
  return new RefitError('E_ARCHIVE_INVALID', `Cannot unpack ${archive}: saw ${saw}${expected}`, {
    hint: HINT,
    facts: { archive },
    cause,
  });
}

/** It is an archive that no honest release looks like. `saw` follows "saw". */
export function unsafeArchive(archive: string, saw: string): RefitError {
  return new RefitError('E_ARCHIVE_UNSAFE', `Cannot unpack ${archive}: saw ${saw}, expected plain files and folders`, {
    hint: HINT,
    facts: { archive },
  });
}

/** A text out of an archive, fit for a terminal: no control characters, no screenful. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
