import { RefitError } from '../errors.ts';
import type { Row, Seen } from '../health/baseline.ts';
import type { Health } from '../health/health.ts';
import { rowsOf } from './baseline-rows.ts';
import type { Facts } from './facts.ts';

/** Name of the row that a spot check is; no row of a profile can have it. */
export const SPOT_CHECK = 'spot check';

const ASK_TIMEOUT_MS = 5_000;

/** What spot checks read: the services of those stacks, and what must be well for them to be held against a release. */
export function spotRows(facts: Facts): readonly Row[] {
  const { spotChecks } = facts.options;
  const row = spotChecks.length === 0 ? undefined : profileRow(facts);
  if (row === undefined) return [];
  const needed = rowsOf(facts, true).filter(({ name }) => name === row.needs);
  return [{ ...row, name: SPOT_CHECK, only: spotChecks }, ...needed];
}

/** The profile's row whose elements are "<stack>/<service>"; undefined where it names none. */
export function profileRow(facts: Facts): Extract<Row, { kind: 'nested' }> | undefined {
  const row = rowsOf(facts, true).find(({ name }) => name === facts.profile.health.spot_check);
  return row?.kind === 'nested' ? row : undefined;
}

/** Refuses a spot check that could only be missed after the window: E_USAGE, and E_API_FAILED where no stacks can be read. */
export async function requireSpotChecks(health: Health, facts: Facts, token: string | undefined): Promise<void> {
  const { spotChecks } = facts.options;
  const { title } = facts.profile;
  if (spotChecks.length === 0) return;
  const what = `Cannot spot-check ${spotChecks.join(', ')}`;
  const row = profileRow(facts);
  if (row === undefined) {
    throw new RefitError('E_USAGE', `${what}: the profile of ${title} does not say where services of stacks are read`, {
      hint: 'health.spot_check of a profile names the row: refit docs profile',
    });
  }
  if (row.token && token === undefined) {
    throw new RefitError('E_USAGE', `${what}: ${title} shows its stacks only to an API token`, {
      hint: '--token-file FILE',
    });
  }
  const look = async (one: Row): Promise<readonly Seen[]> => {
    const context = { token, sinceStartMs: undefined, timeoutMs: ASK_TIMEOUT_MS };
    return (await health.observe([one], context)).rows.flatMap(({ seen }) => seen);
  };
  const listed = await look(stacksOf(row));
  const own = listed.find(({ key }) => key === '');
  if (own?.state !== 'ok') {
    throw new RefitError('E_API_FAILED', `${what}: saw ${own?.saw ?? 'nothing'} at ${row.url}, expected the stacks`, {
      hint: 'Spot checks read them before too: see whether it runs (refit status), and whether the token may read stacks',
    });
  }
  const stacks = keysOf(listed);
  const unknown = spotChecks.filter((stack) => !stacks.includes(stack));
  if (unknown.length > 0) {
    const saw = `saw no stack ${unknown.join(', ')} of ${title}, expected some of ${stacks.join(', ') || 'none'}`;
    throw new RefitError('E_USAGE', `${what}: ${saw}`, {
      hint: 'Name those that there are, or leave --spot-check away',
    });
  }
  const deployed = keysOf(await look({ ...row, only: spotChecks }));
  const shelved = spotChecks.filter((stack) => !deployed.includes(stack));
  if (shelved.length === 0) return;
  throw new RefitError('E_USAGE', `${what}: saw ${shelved.join(', ')} deployed nowhere, expected services to read`, {
    hint: 'Name those that run, or leave --spot-check away',
  });
}

/** The outer list alone: every stack, deployed or not. */
function stacksOf({ path, key, ...rest }: Extract<Row, { kind: 'nested' }>): Row {
  const { name, url, token, external, patienceMs, afterMs } = rest;
  const rules = { name, url, token, external, patienceMs, afterMs };
  return { ...rules, kind: 'list', path, key, ok: [], expect: 'no-worse' };
}

function keysOf(seen: readonly Seen[]): readonly string[] {
  return seen.map(({ key }) => key).filter((key) => key !== '');
}
