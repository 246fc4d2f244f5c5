import { type Step, Undecided } from '../../engine/step.ts';
import { RefitError } from '../../errors.ts';
import type { Verdict } from '../../health/baseline.ts';
import type { Question } from '../../health/health.ts';
import { keepEvidence } from '../evidence.ts';
import { targetVersion } from '../facts.ts';
import { troubleText } from '../troubles.ts';
import { waiverFor } from '../waivers.ts';
import type { World } from '../world.ts';
import { describeState, isGone } from './await-answer.ts';
import { answerMs } from './latency.ts';
import { isBlamed, probe, questionsFor, startedOf, type Wrong, wrongText } from './probe.ts';
import { attend } from './soak.ts';
import { NO_SPOTS, spotCheck, withSpots } from './spot-check.ts';
import { type Watch, watchRows } from './watch-rows.ts';

const MAX_POLL_MS = 1_000;
/** A probe that fails in the soak is asked this often again before it counts: one lost packet is no verdict. */
const SECOND_CHANCES = 2;

/**
 * Every probe must pass within the profile's timeout, and then go on passing all through the soak; and what was well before
 * the window must be well again within its patience. What is wrong for a reason outside of the release is held against
 * nobody, and nobody calls it healthy: the run pauses. Changes nothing.
 */
export const verifyHealth: Step<World, null, null> = {
  prepare: async () => null,
  async change(world, _input, _undo, stop) {
    const questions = await questionsFor(world);
    const watch = await watchRows(world);
    const early =
      (await settle(world, questions, stop)) ??
      (await soak(world, questions, watch, stop)) ??
      (await redFlag(world)) ??
      worseThanBefore(watch.verdict());
    // Last: of what is read, that which is nearest to the commit counts.
    const spots = early === undefined ? await spotCheck(world, stop) : NO_SPOTS;
    const wrong = early ?? worseThanBefore(spots.verdict);
    const { unit } = world.facts.installation;
    const version = targetVersion(world.facts);
    const evidence = () => keepEvidence(world, startedOf(world)?.cursor ?? '', 'health');
    if (wrong !== undefined) {
      const kept = await evidence();
      throw new RefitError('E_HEALTH_FAILED', `Cannot call ${unit} healthy at ${version}: ${wrong}`, {
        hint: `What it logged: ${kept}`,
      });
    }
    const compared = withSpots(world, watch.verdict(), spots);
    const verdict = withProbes(compared, await lastWrong(world, questions, stop));
    tell(world, verdict);
    const { already, external, notSeen } = verdict;
    const { checked: spotChecks } = spots;
    const measured = troubleText(external);
    const waiver = waiverFor(world, { code: 'external', measured, limit: 'well for this release to be judged' });
    if (external.length > 0 && waiver === undefined) {
      throw new Undecided(
        'external',
        'E_HEALTH_EXTERNAL',
        `Cannot judge ${unit} at ${version}: not well, for a reason outside of this release: ${measured}`,
        // Before anybody goes back from here.
        { hint: `What it logged: ${await evidence()}`, saw: { already, external, notSeen, spotChecks } },
      );
    }
    const { soak: soakMs } = world.facts.profile.health;
    const took = await answerMs(world, 'after', stop);
    const waivers = external.length > 0 && waiver !== undefined ? { waivers: [waiver] } : {};
    return { probes: questions.length, soakMs, already, external, notSeen, spotChecks, answerMs: took, ...waivers };
  },
  revert: async () => undefined,
};

/** Until every question has a good answer, or the timeout: what was still wrong then, and the release's fault. */
async function settle(world: World, questions: readonly Question[], stop: AbortSignal): Promise<string | undefined> {
  const { host, facts, service } = world;
  const deadline = host.clock.monotonic() + facts.profile.health.timeout;
  for (;;) {
    const wrong = await probe(world, questions, stop);
    if (wrong.length === 0) return undefined;
    const state = await service.state(facts.installation.unit);
    if (isGone(state)) return describeState(state);
    const blamed = wrong.find(isBlamed);
    if (host.clock.monotonic() >= deadline) return blamed === undefined ? undefined : wrongText(blamed);
    await host.clock.sleep(pollMs(facts.profile.health.soak), stop);
  }
}

/** What is wrong at the end for a reason outside of the release; too many requests are waited for. */
async function lastWrong(world: World, questions: readonly Question[], stop: AbortSignal): Promise<readonly Wrong[]> {
  const { clock } = world.host;
  const deadline = clock.monotonic() + world.facts.profile.health.timeout;
  for (;;) {
    const wrong = await probe(world, questions, stop);
    if (!wrong.some(({ busy }) => busy) || clock.monotonic() >= deadline) return wrong;
    await clock.sleep(pollMs(world.facts.profile.health.soak), stop);
  }
}

/** A probe has no "already": who answers wrongly is not called healthy, whoever's fault it is. */
function withProbes(verdict: Verdict, wrong: readonly Wrong[]): Verdict {
  const more = wrong.map(({ name, saw, before }) => ({ row: name, key: '', before: before ?? 'well', after: saw }));
  return { ...verdict, external: [...more, ...verdict.external] };
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
  const { host, facts, report } = world;
  const { soak: soakMs } = facts.profile.health;
  const attendance = await attend(world);
  let end = host.clock.monotonic() + soakMs;
  report({ kind: 'note', text: `it answers; watching it for ${soakMs} ms` });
  for (;;) {
    const { anew, wrong: unstable } = await attendance.look(stop);
    if (unstable !== undefined) return unstable;
    if (anew) {
      const wrong = await settle(world, questions, stop);
      if (wrong !== undefined) return `${wrong}, after somebody restarted it`;
      end = host.clock.monotonic() + soakMs;
    }
    const wrong = await blamedIn(world, questions, stop);
    if (wrong !== undefined && (await stillWrong(world, questions, stop))) {
      const { anew: meanwhile, wrong: ended } = await attendance.look(stop);
      if (!meanwhile) return ended ?? `${wrong}, after it had been healthy`;
      end = host.clock.monotonic() + soakMs;
      continue;
    }
    await watch.look(stop);
    const soaked = host.clock.monotonic() >= end;
    if (soaked && watch.done() && (await watch.confirm(stop))) return undefined;
    await host.clock.sleep(Math.max(pollMs(soakMs), soaked ? watch.pauseMs() : 0), stop);
  }
}

async function stillWrong(world: World, questions: readonly Question[], stop: AbortSignal): Promise<boolean> {
  for (let chance = 0; chance < SECOND_CHANCES; chance++) {
    await world.host.clock.sleep(pollMs(world.facts.profile.health.soak), stop);
    if ((await blamedIn(world, questions, stop)) === undefined) return false;
  }
  return true;
}

async function blamedIn(world: World, questions: readonly Question[], stop: AbortSignal): Promise<string | undefined> {
  const blamed = (await probe(world, questions, stop)).find(isBlamed);
  return blamed === undefined ? undefined : wrongText(blamed);
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
