import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bundleMutant, type Mutation } from '../support/mutant.ts';

/** Each breaks one law; each must be caught by one of the histories below. */
const MUTANTS: readonly (Mutation & { readonly name: string })[] = [
  {
    name: 'forgets a begun step on the way back',
    file: 'src/engine/decide.ts',
    from: "status === 'begun' || status === 'done');",
    to: "status === 'done');",
  },
  {
    name: 'reverts first to last',
    file: 'src/engine/decide.ts',
    from: 'state.steps.findLastIndex(({ status }) =>',
    to: 'state.steps.findIndex(({ status }) =>',
  },
  {
    name: 'reports restored after a failed revert',
    file: 'src/engine/replay.ts',
    from: 'const stuck = withStep(state, record.step, { stuck: true, tries: undefined });',
    to: "const stuck = withStep(state, record.step, { status: 'undone', tries: undefined });",
  },
  {
    name: 'acts before the record is durable',
    file: 'src/engine/drive.ts',
    from: "          await note({ type: 'step.begin', step: action.step, undo: undo.value, boot: crew.boot });\n          if (await change(action.step)) return 'paused';",
    to: "          if (await change(action.step)) return 'paused';\n          await note({ type: 'step.begin', step: action.step, undo: undo.value, boot: crew.boot });",
  },
  {
    name: 'prepares a begun step anew, rewriting its undo data',
    file: 'src/engine/decide.ts',
    from: "    return tryOrGiveUp(state, place.index, 'change', asked.boot);",
    to: "    return { type: 'prepare', step: place.index };",
  },
  {
    name: 'calls an interrupted step again at once',
    file: 'src/engine/decide.ts',
    from: 'asked.pause !== undefined && !place.step.window',
    to: 'false',
  },
  {
    name: 'calls a run that was committed partial because somebody asked for the way back then',
    file: 'src/engine/decide.ts',
    from: "if (committedHops === plan.hops.length) return 'committed';",
    to: '',
  },
  {
    name: 'pauses in the window for a step that cannot decide',
    file: 'src/engine/drive.ts',
    from: 'undecided === undefined || state.places[index]?.step.window === true',
    to: 'undecided === undefined',
  },
  {
    name: 'turns back for what a step could not decide',
    file: 'src/engine/drive.ts',
    from: 'undecided === undefined || state.places[index]?.step.window === true',
    to: 'true',
  },
  {
    name: 'goes on as if a step that could not decide were done',
    file: 'src/engine/replay.ts',
    from: "steps: state.steps.map((step) => ({ ...step, tries: undefined })),\n      };\n    case 'run.end':",
    to: "steps: state.steps.map((step) => ({ ...step, status: step.status === 'begun' ? ('done' as const) : step.status })),\n      };\n    case 'run.end':",
  },
  {
    name: 'goes back past a hop commit',
    file: 'src/engine/replay.ts',
    from: "status: 'kept' as const",
    to: "status: 'done' as const",
  },
  {
    name: 'begins a hop before what is ahead of it',
    file: 'src/engine/plan.ts',
    from: '[...ahead, ...others].map',
    to: 'all.map',
  },
  {
    name: 'commits a hop as soon as a later one is next',
    file: 'src/engine/decide.ts',
    from: '!open.some((each) => each.hop === hop)',
    to: 'place.hop !== hop',
  },
  {
    name: 'goes on forward after a failure',
    file: 'src/engine/replay.ts',
    from: "        heading: 'back',",
    to: "        heading: 'forward',",
  },
];

/** The survey with the engine and the machine in one bundle, so that `instanceof` holds across them. */
async function surveyOf(mutation: Mutation | undefined): Promise<string | undefined> {
  const dir = await fs.mkdtemp(path.join(os.tmpdir(), 'refit-mutant-'));
  const out = path.join(dir, 'survey.mjs');
  await bundleMutant({ entry: 'test/model/survey.ts', out, mutation });
  const { survey } = (await import(pathToFileURL(out).href)) as typeof import('./survey.ts');
  await fs.rm(dir, { recursive: true });
  return survey();
}

test('the engine as it is passes every history', async () => {
  expect(await surveyOf(undefined)).toBeUndefined();
});

test.each(MUTANTS)('an engine that $name is caught', async (mutant) => {
  expect(await surveyOf(mutant)).toBeTypeOf('string');
});
