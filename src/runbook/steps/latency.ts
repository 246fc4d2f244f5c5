import { targetVersion } from '../facts.ts';
import { answersQuestion } from '../questions.ts';
import type { World } from '../world.ts';

const LOOKS = 3;
const TIMEOUT_MS = 5_000;

/**
 * Milliseconds in which the server answers the question that ends the window: the middle one of a few. Null where the profile has no
 * such question, or the answer is wrong. Told beside the same of before; no release is judged by it.
 */
export async function answerMs(world: World, when: 'before' | 'after', stop: AbortSignal): Promise<number | null> {
  const { facts, health, host } = world;
  const question = answersQuestion(facts, when === 'before' ? facts.installation.version : targetVersion(facts));
  if (question === undefined) return null;
  const took: number[] = [];
  for (let look = 0; look < LOOKS; look += 1) {
    const asked = host.clock.monotonic();
    const { healthy } = await health.ask(question, {
      token: undefined,
      sinceStartMs: undefined,
      timeoutMs: TIMEOUT_MS,
      stop,
    });
    if (!healthy) return null;
    took.push(host.clock.monotonic() - asked);
  }
  const [, middle = 0] = took.sort((a, b) => a - b);
  return Math.round(middle * 10) / 10;
}
