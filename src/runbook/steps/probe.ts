import type { Answer, Question } from '../../health/health.ts';
import { targetVersion } from '../facts.ts';
import { allQuestions } from '../questions.ts';
import { readToken } from '../token.ts';
import type { World } from '../world.ts';
import { ASK_TIMEOUT_MS, probedBefore } from './baseline.ts';
import type { Started } from './start.ts';
import { stagedFiles, unpackedCommit } from './unpack.ts';

/** An answer that is not the one asked for. */
export interface Wrong extends Pick<Answer, 'name' | 'saw'> {
  /** Too many requests: says nothing of the server, and may pass. */
  readonly busy: boolean;
  /** What the same question was answered before the window, where that was wrong too. */
  readonly before: string | undefined;
}

/** Every question to the new version, filled in. */
export async function questionsFor({ facts, outputOf, host, run }: World): Promise<readonly Question[]> {
  const token = await readToken(host.files, run.paths);
  const digests = new Map(stagedFiles(outputOf).map(({ target, sha256 }) => [target, sha256]));
  const expected = { version: targetVersion(facts), commit: unpackedCommit(outputOf), digests };
  return allQuestions(facts, expected, token !== undefined);
}

/** Only healthy before and not healthy now can be the release's doing. */
export function isBlamed({ busy, before }: Pick<Wrong, 'busy' | 'before'>): boolean {
  return !busy && before === undefined;
}

export function wrongText({ name, saw }: Pick<Wrong, 'name' | 'saw'>): string {
  return `${name}: saw ${saw}`;
}

/** Asks until one answer is the release's fault: that one is the last. */
export async function probe(
  world: World,
  questions: readonly Question[],
  stop: AbortSignal,
): Promise<readonly Wrong[]> {
  const { health, host, run } = world;
  const token = await readToken(host.files, run.paths);
  const ill = probedBefore(world);
  const started = startedOf(world);
  // That clock begins anew with each boot, and so does the service.
  const startedAtMs = started?.boot === run.boot ? started.startedAtMs : null;
  const wrong: Wrong[] = [];
  for (const question of questions) {
    const sinceStartMs = startedAtMs === null ? undefined : host.clock.monotonic() - startedAtMs;
    const answer = await health.ask(question, { token, sinceStartMs, timeoutMs: ASK_TIMEOUT_MS, stop });
    if (answer.healthy) continue;
    const { name, saw, busy = false } = answer;
    const one = { name, saw, busy, before: ill.get(name) };
    wrong.push(one);
    if (isBlamed(one)) return wrong;
  }
  return wrong;
}

export function startedOf({ outputOf }: World): Started | undefined {
  return outputOf('start') as Started | undefined;
}
