import { RefitError } from '../../errors.ts';

/** The question that was answered with no. In the facts of every refusal, so that a script can tell them apart. */
export type BundleCheck =
  | 'format'
  | 'index'
  | 'name'
  | 'header'
  | 'unlisted'
  | 'duplicate'
  | 'missing'
  | 'size'
  | 'digest'
  | 'checksums'
  | 'end';

interface Seen {
  readonly seen: string;
  readonly expected: string;
}

/** It is no bundle that refit wrote, or somebody changed it since. */
export function invalidBundle(path: string, check: BundleCheck, { seen, expected }: Seen): RefitError {
  return new RefitError('E_BUNDLE_INVALID', `Cannot use the bundle ${path}: saw ${seen}, expected ${expected}`, {
    hint: 'do not use it: carry it over again, and compare its SHA-256 with what refit fetch --bundle said',
    facts: { path, check, seen, expected },
  });
}

/** It ends before its index says. Of bytes that are there nothing is wrong: the source is at fault, nobody's trust. */
export function cutBundle(path: string, { seen, expected }: Seen): RefitError {
  return new RefitError('E_DOWNLOAD_SHORT', `Cannot use the bundle ${path}: saw ${seen}, expected ${expected}`, {
    hint: 'it was cut on its way: carry it over again',
    facts: { path, seen, expected },
  });
}
