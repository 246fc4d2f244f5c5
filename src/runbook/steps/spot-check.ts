import type { Observation, Trouble, Verdict } from '../../health/baseline.ts';
import { profileRow, SPOT_CHECK, spotRows } from '../spot-checks.ts';
import type { World } from '../world.ts';
import { baselineOf, observeNow } from './baseline.ts';

/** The services of one stack, as they were seen last before the commit. */
export type SpotChecked = {
  readonly stack: string;
  readonly services: readonly { readonly name: string; readonly state: string }[];
};

export interface SpotChecks {
  readonly verdict: Verdict;
  readonly checked: readonly SpotChecked[];
}

const LOOK_MS = 2_000;
/** Where none was asked for. */
export const NO_SPOTS: SpotChecks = {
  verdict: { worse: [], already: [], external: [], notSeen: [] },
  checked: [],
};

/**
 * Reads the services of the stacks that a person named, until what ran before runs, or for as long as the profile's row has
 * patience. Only reads: nothing is deployed.
 */
export async function spotCheck(world: World, stop: AbortSignal): Promise<SpotChecks> {
  const { clock } = world.host;
  const rows = spotRows(world.facts);
  const [row] = rows;
  const before = baselineOf(world);
  if (row === undefined || before === undefined) return NO_SPOTS;
  const end = clock.monotonic() + row.patienceMs;
  for (;;) {
    const now = await observeNow(world, rows, stop);
    const verdict = ofSpots(world.health.compare(rows, before, now));
    const waits = verdict.worse.length + verdict.external.length > 0 && clock.monotonic() < end;
    if (!waits) return told(world, { verdict, checked: world.facts.options.spotChecks.map(listIn(now)) });
    await clock.sleep(Math.min(LOOK_MS, row.patienceMs / 20), stop);
  }
}

/** What else a run compares has said the same of some of them: that is told once. */
export function withSpots({ facts }: Pick<World, 'facts'>, verdict: Verdict, { verdict: spots }: SpotChecks): Verdict {
  const row = profileRow(facts)?.name;
  const more = (known: readonly Trouble[], found: readonly Trouble[]): readonly Trouble[] => [
    ...known,
    ...found.filter(({ key }) => !known.some((one) => one.row === row && one.key === key)),
  ];
  return {
    worse: more(verdict.worse, spots.worse),
    already: more(verdict.already, spots.already),
    external: more(verdict.external, spots.external),
    notSeen: more(verdict.notSeen, spots.notSeen),
  };
}

/** The row that it needs is judged with the others. */
function ofSpots(verdict: Verdict): Verdict {
  const mine = (troubles: readonly Trouble[]): readonly Trouble[] => troubles.filter(({ row }) => row === SPOT_CHECK);
  return {
    worse: mine(verdict.worse),
    already: mine(verdict.already),
    external: mine(verdict.external),
    notSeen: mine(verdict.notSeen),
  };
}

function listIn({ rows }: Observation): (stack: string) => SpotChecked {
  const seen = rows.find(({ name }) => name === SPOT_CHECK)?.seen ?? [];
  return (stack) => ({
    stack,
    services: seen
      .filter(({ key }) => key.startsWith(`${stack}/`))
      .map(({ key, saw }) => ({ name: key.slice(stack.length + 1), state: saw })),
  });
}

function told({ report }: World, spots: SpotChecks): SpotChecks {
  const before = new Set(spots.verdict.already.map(({ key }) => key));
  for (const { stack, services } of spots.checked) {
    const each = services.map(({ name, state }) => {
      return `${name} ${state}${before.has(`${stack}/${name}`) ? ' (was so before)' : ''}`;
    });
    const text = `spot check of ${stack}: ${each.length === 0 ? 'no services to be seen' : each.join(', ')}`;
    report({ kind: 'note', text });
  }
  return spots;
}
