import type { Host } from '../../host/host.ts';
import { noteInLedger, readLedger, type SequenceSeen } from './ledger.ts';
import type { StorePaths } from './paths.ts';

/** The newest manifest that was proven on this installation; undefined where none was. */
export async function highestSequence(
  host: Pick<Host, 'files'>,
  store: Pick<StorePaths, 'ledger'>,
): Promise<SequenceSeen | undefined> {
  const seen = (await readLedger(host, store)).filter((line) => line.type === 'sequence');
  return seen.reduce<SequenceSeen | undefined>(
    (best, one) => (one.sequence > (best?.sequence ?? -1) ? one : best),
    undefined,
  );
}

/** Remembers a manifest, once. Whoever calls holds the installation's lock. */
export async function noteSequence(
  host: Pick<Host, 'files' | 'clock'>,
  store: Pick<StorePaths, 'ledger'>,
  seen: SequenceSeen,
): Promise<void> {
  const lines = await readLedger(host, store);
  const isKnown = lines.some(
    (line) => line.type === 'sequence' && line.sha256 === seen.sha256 && line.waived === seen.waived,
  );
  if (!isKnown) await noteInLedger(host, store, seen);
}
