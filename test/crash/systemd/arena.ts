import fs from 'node:fs';
import { Container } from '../container.ts';
import type { Injection } from '../injection.ts';
import type { Arena } from '../matrix.ts';
import { isEvent, type Point, readTrace, type Traced } from '../points.ts';
import type { Verdict } from '../verdict.ts';
import { bootCrashHost, type CrashHost, REFIT } from './host.ts';
import { type Before, hostProblems } from './invariants.ts';
import { newestRun } from './run.ts';
import type { GuardScenario } from './scenarios.ts';
import { settle } from './settle.ts';
import { Starts } from './starts.ts';

/** Boots a host for trials, one at a time; it goes with `ended`. */
export async function hostArena(
  name: string,
  directory: string,
  ended: AsyncDisposableStack,
): Promise<Arena<GuardScenario>> {
  const host = ended.use(await bootCrashHost(name, directory));
  const before = { contents: host.dockmesh.contents(), data: host.dockmesh.dataFiles() };
  const starts = new Starts(host);
  const act = async (scenario: GuardScenario, injection: Injection, kind: Kind): Promise<Verdict> => {
    await starts.lay(scenario.start, scenario.fresh === true);
    return oneTrial(host, before, scenario, injection, kind);
  };
  return {
    async trace(scenario) {
      const { trace } = host;
      fs.rmSync(trace.file, { force: true });
      const verdict = await act(scenario, { tracePath: trace.path }, 'undisturbed');
      const { effects, problems } = between(readTrace(trace.file, ''), scenario);
      return { effects, verdict: { ...verdict, reached: true, problems: [...verdict.problems, ...problems] } };
    },
    trial: (scenario, { spot, what }: Point) => act(scenario, { spot, ...what }, 'kill' in what ? 'kill' : 'fault'),
  };
}

type Kind = 'undisturbed' | 'kill' | 'fault';

async function oneTrial(
  host: CrashHost,
  before: Before,
  { whose, ends }: GuardScenario,
  injection: Injection,
  kind: Kind,
): Promise<Verdict> {
  const { dockmesh, plant, unplant, fired, at } = host;
  const container = new Container(at(dockmesh.installed.containerFile));
  try {
    plant(whose, injection);
    if (whose === 'worker') await dockmesh.refit(['resume'], REFIT);
    // The timer's first look, at once; the next ones are its own.
    else dockmesh.host.must(['sh', '-c', 'systemctl start refit-guard-dockmesh.service refit-guard-dockmesh.timer']);
    const unsettled = await settle(host, kind === 'fault');
    unplant(whose);
    const state = newestRun(host)?.state;
    const wrong = await hostProblems(host, before, container, kind === 'fault' ? 'any' : ends);
    return { reached: fired(), problems: [...unsettled, ...wrong], ended: state?.ended ?? 'not ended' };
  } finally {
    container.stop();
  }
}

/** The effects that the scenario is about. Of events nothing under systemd is another matter than elsewhere. */
function between(
  traced: readonly Traced[],
  { from, until }: GuardScenario,
): { readonly effects: readonly Traced[]; readonly problems: readonly string[] } {
  const effects = traced.filter((effect) => !isEvent(effect));
  const first = from === undefined ? 0 : effects.findIndex(({ spot }) => from.test(spot.name));
  const last = until === undefined ? effects.length - 1 : effects.findIndex(({ spot }) => until.test(spot.name));
  const problems = [first, last].includes(-1) ? [`no effect is called ${first === -1 ? from : until}`] : [];
  return { effects: effects.slice(Math.max(0, first), last + 1), problems };
}
