import { openJournal, readJournal } from '../../engine/journal.ts';
import type { Host } from '../../host/host.ts';
import { linesFile } from './journal-file.ts';
import type { StorePaths } from './paths.ts';

/** One line of the ledger. `run`: the newest run of then; what failed later is skipped again. */
export interface Unskip {
  readonly type: 'unskip';
  readonly tag: string;
  readonly run: string;
  readonly by: string;
}

/** A line per word of a person's. */
const MAX_BYTES = 16 * 2 ** 20;

/** What people decided, oldest first. Empty where nobody did. */
export async function readLedger(
  { files }: Pick<Host, 'files'>,
  { ledger }: Pick<StorePaths, 'ledger'>,
): Promise<readonly Unskip[]> {
  const file = linesFile(files, ledger, MAX_BYTES);
  return readJournal<Unskip>(await file.read(), file.path).records;
}

/** Whoever calls holds the installation's lock: the lines are numbered. */
export async function noteInLedger(
  { files, clock }: Pick<Host, 'files' | 'clock'>,
  { ledger }: Pick<StorePaths, 'ledger'>,
  line: Unskip,
): Promise<void> {
  const journal = await openJournal<Unskip>(linesFile(files, ledger, MAX_BYTES), () => clock.now());
  await journal.append(line);
}
