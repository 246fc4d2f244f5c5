import type { Step } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Verdict } from '../../health/baseline.ts';
import type { Question } from '../../health/health.ts';
import { keepEvidence } from '../evidence.ts';
import { targetVersion } from '../facts.ts';
import { allQuestions, asksStable } from '../questions.ts';
import { readToken } from '../token.ts';
import { troubleText } from '../troubles.ts';
import type { World } from '../world.ts';
import { describeState, isGone } from './await-answer.ts';
import { ASK_TIMEOUT_MS } from './baseline.ts';
import type { Started } from './start.ts';
import { stagedFiles, unpackedCommit } from './unpack.ts';
import { type Watch, watchRows } from './watch-rows.ts';

const MAX_POLL_MS = 1_000;
/** A probe that fails in the soak is asked this often again before it counts: one lost packet is no verdict. */
const SECOND_CHANCES = 2;

/**
 * Every probe must pass within the profile's timeout, and then go on passing all through the soak; and what was well before
 * the window must be well again within its patience. Changes nothing.
 */
export const verifyHealth: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop) {
    const questions = await questionsFor(world);
    const watch = await watchRows(world);
    const wrong =
      (await settle(world, questions, stop)) ??
      (await soak(world, questions, watch, stop)) ??
      (await redFlag(world)) ??
      worseThanBefore(watch.verdict());
    if (wrong === undefined) {
      const { already, external, notSeen } = watch.verdict();
      tell(world, watch.verdict());
      return { probes: questions.length, soakMs: world.facts.profile.health.soak, already, external, notSeen };
    }
    const kept = await keepEvidence(world, startedOf(world)?.cursor ?? '', 'health');
    const { unit } = world.facts.installation;
    throw new RefitError('E_HEALTH_FAILED', `Cannot call ${unit} healthy at ${targetVersion(world.facts)}: ${wrong}`, {
      hint: `What it logged: ${kept}`,
    });
  },
  revert: async () => undefined,
  /** The last of the run to be discarded: nobody after it needs the token, and a kill after the end would leave it. */
  async discard({ host, run }) {
    await host.files.remove(run.paths.token);
  },
};

function startedOf({ outputOf }: World): Started | undefined {
  return outputOf('start') as Started | undefined;
}

async function questionsFor({ facts, outputOf, host, run }: World): Promise<readonly Question[]> {
  const token = await readToken(host.files, run.paths);
  const digests = new Map(stagedFiles(outputOf).map(({ target, sha256 }) => [target, sha256]));
  const expected = { version: targetVersion(facts), commit: unpackedCommit(outputOf), digests };
  return allQuestions(facts, expected, token !== undefined);
}

/** Until every question has a good answer, or the timeout: what was still wrong then. */
async function settle(world: World, questions: readonly Question[], stop: AbortSignal): Promise<string | undefined> {
  const { host, facts, service } = world;
  const deadline = host.clock.monotonic() + facts.profile.health.timeout;
  for (;;) {
    const wrong = await firstWrong(world, questions, stop);
    if (wrong === undefined) return undefined;
    const state = await service.state(facts.installation.unit);
    if (isGone(state)) return describeState(state);
    if (host.clock.monotonic() >= deadline) return wrong;
    await host.clock.sleep(pollMs(facts.profile.health.soak), stop);
  }
}

function worseThanBefore({ worse }: Verdict): string | undefined {
  return worse.length === 0 ? undefined : `worse than before: ${troubleText(worse)}`;
}

/** What no release is to blame for is told all the same. */
function tell({ report }: World, { already, external, notSeen }: Verdict): void {
  const lists = [
    ['so before already', already],
    ['not well, for a reason outside of this release', external],
    ['could not be compared', notSeen],
  ] as const;
  for (const [what, troubles] of lists) {
    if (troubles.length > 0) report({ kind: 'note', text: `${what}: ${troubleText(troubles)}` });
  }
}

async function soak(
  world: World,
  questions: readonly Question[],
  watch: Watch,
  stop: AbortSignal,
): Promise<string | undefined> {
  const { host, facts, service, report } = world;
  const { unit } = facts.installation;
  const { soak: soakMs } = facts.profile.health;
  const before = await service.state(unit);
  const end = host.clock.monotonic() + soakMs;
  report({ kind: 'note', text: `healthy; watching it for ${soakMs} ms` });
  for (;;) {
    const state = await service.state(unit);
    const stable = state.activity === 'active' && state.pid === before.pid && state.restarts === before.restarts;
    if (asksStable(facts) && !stable) return `not stable: ${describeState(state)}`;
    const wrong = await firstWrong(world, questions, stop);
    if (wrong !== undefined && (await stillWrong(world, questions, stop))) return `${wrong}, after it had been healthy`;
    await watch.look(stop);
    const soaked = host.clock.monotonic() >= end;
    if (soaked && watch.done()) return undefined;
    await host.clock.sleep(Math.max(pollMs(soakMs), soaked ? watch.pauseMs() : 0), stop);
  }
}

async function stillWrong(world: World, questions: readonly Question[], stop: AbortSignal): Promise<boolean> {
  for (let chance = 0; chance < SECOND_CHANCES; chance++) {
    await world.host.clock.sleep(pollMs(world.facts.profile.health.soak), stop);
    if ((await firstWrong(world, questions, stop)) === undefined) return false;
  }
  return true;
}

async function firstWrong(
  world: World,
  questions: readonly Question[],
  stop: AbortSignal,
): Promise<string | undefined> {
  const { health, host, run } = world;
  const token = await readToken(host.files, run.paths);
  const started = startedOf(world);
  // That clock begins anew with each boot, and so does the service.
  const startedAtMs = started?.boot === run.boot ? started.startedAtMs : null;
  const sinceStartMs = startedAtMs === null ? undefined : host.clock.monotonic() - startedAtMs;
  for (const question of questions) {
    const answer = await health.ask(question, { token, sinceStartMs, timeoutMs: ASK_TIMEOUT_MS, stop });
    if (!answer.healthy) return `${answer.name}: saw ${answer.saw}`;
  }
  return undefined;
}

async function redFlag(world: World): Promise<string | undefined> {
  const started = startedOf(world);
  const { red_flags } = world.facts.profile.health;
  if (started === undefined || red_flags.length === 0) return undefined;
  const lines = await world.service.logsSince(world.facts.installation.unit, started.cursor, { maxLines: 5_000 });
  const flag = red_flags.find((each) => lines.some((line) => line.includes(each)));
  // Not the line: a server that makes its first administrator may print the password in it.
  return flag === undefined ? undefined : `it logged "${flag}", which means a wrong or empty database`;
}

function pollMs(soakMs: number): number {
  return Math.max(50, Math.min(MAX_POLL_MS, soakMs / 5));
}
