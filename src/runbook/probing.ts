import type { HttpQuestion } from '../health/health.ts';
import type { Watched } from '../health/watch.ts';
import { targetVersion } from './facts.ts';
import { aliveQuestion, answersQuestion } from './questions.ts';
import type { Seen } from './store/window.ts';
import type { World } from './world.ts';

/** Before every stop, and not in the window: starts what measures it, and waits until that has looked once. */
export async function beginProbing(world: World): Promise<void> {
  const { prober, probing, run } = world;
  const watched = watchedBy(world);
  if (watched === undefined || probing.current !== undefined) return;
  const started = prober.start(watched, run.paths.directory);
  probing.current = started;
  if (await started.looking()) return;
  probing.current = undefined;
  await started.dismiss();
}

/** Once the service answers: what was measured, if anything was. */
export async function seenAway({ probing }: World): Promise<Seen | undefined> {
  const { current } = probing;
  probing.current = undefined;
  const measured = await current?.measured();
  if (measured?.ready === undefined) return undefined;
  const { ready, alive } = measured;
  return {
    readyMs: ready.ms,
    aliveMs: alive?.ms ?? null,
    resolutionMs: Math.max(ready.resolutionMs, alive?.resolutionMs ?? 0),
  };
}

/** Undefined where nothing can be asked over HTTP. */
function watchedBy({ facts }: World): Watched | undefined {
  const versions = [facts.installation.version, targetVersion(facts)];
  const ready = versions.flatMap((version) => {
    const question = answersQuestion(facts, version);
    return question?.kind === 'http' ? [question] : [];
  });
  const alive = aliveQuestion(facts);
  return ready.length === 0 ? undefined : { ready: different(ready), alive: alive === undefined ? [] : [alive] };
}

/** Most questions are the same whatever the version. */
function different(questions: readonly HttpQuestion[]): readonly HttpQuestion[] {
  return [...new Map(questions.map((question) => [JSON.stringify(question), question])).values()];
}
