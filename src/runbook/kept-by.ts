import { factsOf } from './facts.ts';
import { firstHop } from './hops.ts';
import { outputOf, textOf } from './outputs.ts';
import type { StoredRun } from './store/runs.ts';

/** Where a run keeps what there was before its first hop, and what its journal says that must be: the folder may be another's to write. */
export interface KeptCopy {
  readonly root: string;
  /** SHA-256 of its list of files, and of its data's manifest. */
  readonly filesSha256: string | undefined;
  readonly manifestSha256: string | undefined;
}

export function keptBy({ id, state }: Pick<StoredRun, 'id' | 'state'>): KeptCopy {
  const start = firstHop(state);
  return {
    root: `${factsOf(start.plan).generations}/${id}`,
    filesSha256: textOf(outputOf(start, 'copy-live'), 'filesSha256'),
    manifestSha256: textOf(outputOf(start, 'copy-data'), 'manifestSha256'),
  };
}
