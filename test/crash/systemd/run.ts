import fs from 'node:fs';
import { readJournal } from '../../../src/engine/journal.ts';
import { type RunState, replay } from '../../../src/engine/replay.ts';
import { type CrashHost, STATE } from './host.ts';

/** The newest run with a record in its journal, read from outside. */
export function newestRun({ at }: CrashHost): { readonly id: string; readonly state: RunState } | undefined {
  const runs = at(`${STATE}/dockmesh/runs`);
  for (const id of fs.existsSync(runs) ? fs.readdirSync(runs).sort().reverse() : []) {
    const journal = `${runs}/${id}/journal.jsonl`;
    if (!fs.existsSync(journal)) continue;
    const state = replay(readJournal(fs.readFileSync(journal), journal).records);
    if (state !== undefined) return { id, state };
  }
  return undefined;
}
