import { openJournal, readJournal } from '../../engine/journal.ts';
import type { Host } from '../../host/host.ts';
import { linesFile } from './journal-file.ts';
import type { StorePaths } from './paths.ts';

/** A release that ranges may choose again. `run`: the newest run of then; what failed later is skipped again. */
export interface Unskip {
  readonly type: 'unskip';
  readonly tag: string;
  readonly run: string;
  readonly by: string;
}

/** A signed manifest that was proven here. */
export interface SequenceSeen {
  readonly type: 'sequence';
  readonly sequence: number;
  readonly tag: string;
  /** Of its bytes. */
  readonly sha256: string;
  readonly run: string;
  /** It was older than one before, and somebody let that pass by name. */
  readonly waived: boolean;
}

type LedgerLine = Unskip | SequenceSeen;

/** A line per word of a person's, and per release. */
const MAX_BYTES = 16 * 2 ** 20;

/** What people decided and what was seen, oldest first. */
export async function readLedger(
  { files }: Pick<Host, 'files'>,
  { ledger }: Pick<StorePaths, 'ledger'>,
): Promise<readonly LedgerLine[]> {
  const file = linesFile(files, ledger, MAX_BYTES);
  return readJournal<LedgerLine>(await file.read(), file.path).records;
}

/** Whoever calls holds the installation's lock: the lines are numbered. */
export async function noteInLedger(
  { files, clock }: Pick<Host, 'files' | 'clock'>,
  { ledger }: Pick<StorePaths, 'ledger'>,
  line: LedgerLine,
): Promise<void> {
  const journal = await openJournal<LedgerLine>(linesFile(files, ledger, MAX_BYTES), () => clock.now());
  await journal.append(line);
}
