import type { Json } from '../../engine/json.ts';
import type { Step } from '../../engine/step.ts';
import type { Observation, Row } from '../../health/baseline.ts';
import { rowsOf } from '../baseline-rows.ts';
import { allQuestions } from '../questions.ts';
import { spotRows } from '../spot-checks.ts';
import { readToken } from '../token.ts';
import type { World } from '../world.ts';
import { answerMs } from './latency.ts';

export const ASK_TIMEOUT_MS = 5_000;
/** A probe is ill before the window when it fails so often, so far apart. */
const ILL_LOOKS = 3;
const ILL_PAUSE_MS = 200;

/** `ill`: probes that the old version did not pass either, with what it answered. `answerMs`: see there. */
type Noted = Observation & { readonly ill: Readonly<Record<string, string>>; readonly answerMs: number | null };

/** How everything is before the window: what the new version will be compared with. Only looks. */
export const baseline: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop): Promise<Noted> {
    const rows = withoutTwins([...(await askedRows(world)), ...spotRows(world.facts)]);
    const { rows: seen } = world.health.remembered(rows, await observeNow(world, rows, stop));
    return { rows: seen, ill: await illNow(world, stop), answerMs: await answerMs(world, 'before', stop) };
  },
  revert: async () => undefined,
};

/** Of a service that runs: one that does not shows nothing of what the new version is to do. */
async function illNow({ facts, health, host, run, service }: World, stop: AbortSignal): Promise<Noted['ill']> {
  // What is left is often ill: that excuses nothing of what it goes back to.
  if (facts.target.kind !== 'release') return {};
  if ((await service.state(facts.installation.unit)).activity !== 'active') return {};
  const token = await readToken(host.files, run.paths);
  const expected = { version: facts.installation.version, commit: undefined, digests: new Map() };
  const context = { token, sinceStartMs: undefined, timeoutMs: ASK_TIMEOUT_MS, stop };
  let questions = allQuestions(facts, expected, token !== undefined);
  // One lost packet would excuse what the new version does.
  for (let look = 1; ; look++) {
    const answers = await Promise.all(questions.map((question) => health.ask(question, context)));
    // Too many requests say nothing of the server, before as after.
    const ill = answers.filter(({ healthy, busy }) => !healthy && busy !== true);
    if (ill.length === 0 || look === ILL_LOOKS) return Object.fromEntries(ill.map(({ name, saw }) => [name, saw]));
    questions = questions.filter(({ name }) => ill.some((one) => one.name === name));
    await host.clock.sleep(ILL_PAUSE_MS, stop);
  }
}

/** What the journal kept of the probes that the old version did not pass: name → what it answered. */
export function probedBefore({ outputOf }: World): ReadonlyMap<string, string> {
  const kept = outputOf('baseline') as Partial<Noted> | null | undefined;
  return new Map(Object.entries(kept?.ill ?? {}));
}

/** What the journal kept of it; undefined for a run without. */
export function baselineOf({ outputOf }: World): Observation | undefined {
  const kept: Json | undefined = outputOf('baseline');
  return kept as Observation | undefined;
}

/** Only an upgrade is judged by how everything was before. */
export async function askedRows({ facts, host, run }: World): Promise<readonly Row[]> {
  if (facts.target.kind !== 'release') return [];
  return rowsOf(facts, (await readToken(host.files, run.paths)) !== undefined);
}

function withoutTwins(rows: readonly Row[]): readonly Row[] {
  return [...new Map(rows.map((row) => [row.name, row])).values()];
}

export async function observeNow(
  { health, host, run }: World,
  rows: readonly Row[],
  stop: AbortSignal,
): Promise<Observation> {
  const token = await readToken(host.files, run.paths);
  return health.observe(rows, { token, sinceStartMs: undefined, timeoutMs: ASK_TIMEOUT_MS, stop });
}
