import { RefitError } from '../errors.ts';
import type { ManifestEvidence } from './releases.ts';
import type { SequenceSeen } from './store/ledger.ts';

/** What `--waive` names. */
export const REPLAYED = 'replayed-sequence';

/**
 * Whether a manifest is an old one served again: every release has a higher sequence than those before, and a stale one is
 * signed as well as a new one. The very bytes that were the newest are no replay: they are tried again after a run that went back.
 */
export function isReplay(
  { sequence, sha256 }: Pick<ManifestEvidence, 'sequence' | 'sha256'>,
  highest: Pick<SequenceSeen, 'sequence' | 'sha256'> | undefined,
): boolean {
  if (highest === undefined || sequence > highest.sequence) return false;
  return sequence < highest.sequence || sha256 !== highest.sha256;
}

export function replayed({ version, sequence }: ManifestEvidence, highest: SequenceSeen): RefitError {
  return new RefitError(
    'E_SEQUENCE_REPLAYED',
    `Cannot trust the manifest of ${version}: saw sequence ${sequence}, expected more than ${highest.sequence} of ${highest.tag}`,
    {
      hint: `somebody serves an old release as if it were new; --waive ${REPLAYED} takes it all the same, and the journal keeps that`,
      facts: { sequence, highest: highest.sequence },
    },
  );
}
