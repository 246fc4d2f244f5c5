import fs from 'node:fs';
import type { Context, Flags } from '../../../src/cli/context.ts';
import { VERBS } from '../../../src/cli/verbs.ts';
import type { Plan } from '../../../src/engine/plan.ts';
import type { JournalRecord } from '../../../src/engine/record.ts';
import { runPaths, storePaths } from '../../../src/runbook/store/paths.ts';
import type { Workshop } from '../../../src/runbook/workshop.ts';
import { scratch } from '../../host/scratch.ts';
import { textOf } from '../../runbook/records.ts';
import { workshopAt } from '../../runbook/workbench.ts';
import { plan, RUN } from './made.ts';
import { type Person, type RecordingTerminal, recordingTerminal } from './terminal.ts';

/** A host whose journals say this, and a person before it. */
export interface Desk {
  readonly workshop: Workshop;
  readonly terminal: RecordingTerminal;
  /** Types a verb; resolves with its exit status. */
  type(verb: string, flags?: Flags): Promise<number>;
}

export interface DeskOptions extends Person {
  /** Records after `run.begin`; undefined: there is no run. */
  readonly records?: readonly JournalRecord[];
  readonly of?: Plan;
  readonly output?: Context['output'];
}

export async function desk({ records, of = plan(), output = 'table', ...person }: DeskOptions = {}): Promise<Desk> {
  const state = scratch();
  const paths = runPaths(storePaths(state, of.installation), RUN);
  if (records !== undefined) {
    fs.mkdirSync(paths.directory, { recursive: true });
    fs.writeFileSync(paths.journal, textOf([{ type: 'run.begin', run: RUN, by: 'ada', plan: of }, ...records]));
  }
  const workshop = await workshopAt(state);
  const terminal = recordingTerminal(person);
  const context: Context = {
    terminal,
    output,
    workshop: async () => workshop,
    environment: {},
    workingDirectory: '/',
    typed: 'refit',
    given: new Set<string>(),
  };
  return {
    workshop,
    terminal,
    async type(name, flags = {}) {
      const verb = VERBS.find((each) => each.name === name);
      if (verb === undefined) throw new Error(`no verb ${name}`);
      return (await verb.load())(context, flags, []);
    },
  };
}
