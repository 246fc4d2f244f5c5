import { expect, test } from 'vitest';
import { scratch } from '../host/scratch.ts';
import type { Mutation } from '../support/mutant.ts';
import { type Choice, type MatrixResult, runMatrix } from './matrix.ts';
import { faultPoints, killPoints, spread } from './points.ts';
import { SCENARIOS } from './scenarios.ts';
import { slotArenas } from './slots.ts';

interface Mutant extends Mutation {
  readonly name: string;
  /** The scenario in which it shows. */
  readonly scenario: string;
  /** What the matrix says of it. */
  readonly shows: RegExp;
}

/** Each breaks one law; the matrix must see it. */
const MUTANTS: readonly Mutant[] = [
  {
    name: 'an engine that forgets a begun step',
    shows: /samplectl is of v0.2.13, expected v0.2.9/,
    scenario: 'rollback after swapping',
    file: 'src/engine/decide.ts',
    from: "status === 'begun' || status === 'done');",
    to: "status === 'done');",
  },
  {
    name: 'an engine that reverts first to last',
    shows: /has not ended: mixed/,
    scenario: 'rollback after swapping',
    file: 'src/engine/decide.ts',
    from: 'state.steps.findLastIndex(({ status }) =>',
    to: 'state.steps.findIndex(({ status }) =>',
  },
  {
    name: 'an engine that reports restored after a failed revert',
    shows: /samplectl is of v0.2.13, expected v0.2.9/,
    scenario: 'rollback after swapping',
    file: 'src/engine/replay.ts',
    from: 'const stuck = withStep(state, record.step, { stuck: true, tries: undefined });',
    to: "const stuck = withStep(state, record.step, { status: 'undone', tries: undefined });",
  },
  {
    name: 'data put back under the -wal of the other version',
    shows: /v0.2.9 does not know 034/,
    scenario: 'a release that dies after migrating',
    file: 'src/data/place.ts',
    from: `export const ALWAYS_LEFT = ['.refit-*', 'lost+found'];

export function isLeftAlone(place: Pick<Place, 'exclude'>, name: string): boolean {
  return name.startsWith('.refit-')`,
    to: `export const ALWAYS_LEFT = ['.refit-*', 'lost+found', '*-wal'];

export function isLeftAlone(place: Pick<Place, 'exclude'>, name: string): boolean {
  return name.endsWith('-wal') || name.startsWith('.refit-')`,
  },
  {
    name: 'a swap that skips the agent of one architecture',
    shows: /exit 7, expected 0/,
    scenario: 'forward',
    file: 'src/layout/swap.ts',
    from: 'if (isDone) continue;',
    to: "if (isDone || path.endsWith('arm64')) continue;",
  },
  {
    name: 'a way back that skips the agent of one architecture',
    shows: /linux-arm64 is of v0.2.13, expected v0.2.9/,
    scenario: 'later rollback',
    file: 'src/layout/restore.ts',
    from: 'if (!isSame(now, live)) wrong.push(live);',
    to: "if (!isSame(now, live) && !live.path.endsWith('arm64')) wrong.push(live);",
  },
];

/** A few of each kind, and every failure where the files of the old version come back. */
const few: Choice = (_, effects) => [
  ...spread(killPoints(effects), 4),
  ...spread(faultPoints(effects.filter(({ spot }) => /restored-/.test(spot.name))), 2),
];

async function matrixOf(names: readonly string[], mutation: Mutation | undefined): Promise<MatrixResult> {
  const scenarios = SCENARIOS.filter(({ name }) => names.includes(name));
  const arenas = await slotArenas({ directory: scratch(), jobs: 2, mutation });
  return runMatrix({ scenarios, arenas, choose: few });
}

test('refit as it is passes the same points', async () => {
  const {
    killPoints: kills,
    faults,
    bad,
  } = await matrixOf([...new Set(MUTANTS.map(({ scenario }) => scenario))], undefined);
  expect(bad.flatMap(({ verdict }) => verdict.problems)).toEqual([]);
  expect(kills).toBeGreaterThan(8);
  expect(faults).toBeGreaterThan(1);
});

test.each(MUTANTS)('$name is seen', async ({ scenario, shows, file, from, to }) => {
  const { bad } = await matrixOf([scenario], { file, from, to });
  expect(bad.flatMap(({ verdict }) => verdict.problems)).toContainEqual(expect.stringMatching(shows));
});
