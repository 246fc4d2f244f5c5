import type { Answer } from '../../health/health.ts';
import type { ServiceState } from '../../service/service.ts';
import { answersQuestion } from '../questions.ts';
import type { World } from '../world.ts';

export interface Awaited {
  readonly answered: boolean;
  /** What was seen last, or why waiting was given up. */
  readonly saw: string;
  /** The log line that decided it, if one did. */
  readonly line?: string | undefined;
}

export interface AwaitOptions {
  readonly version: string;
  readonly timeoutMs: number;
  /** Log cursor from before the start: lines after it are searched for words of failure. */
  readonly since: string | undefined;
  readonly stop: AbortSignal;
  /** The service did not answer before either: being active is enough (law 16). */
  readonly patient?: boolean;
  /** Whether a wrong answer may be another's doing: with it, an active service is given up no longer at the timeout. */
  readonly excuses?: (answer: Answer) => boolean;
}

/** Between two questions: short, because it is the resolution of the measured window. */
const POLL_MS = 10;
/** Between two looks at the unit and its log: each costs a child. */
const LOOK_MS = 300;
/** Of a line that is quoted in a message; the whole of it is in the evidence. */
const MAX_SAID = 500;

/** Waits until the just started service answers, or is known not to. */
export async function awaitAnswer(world: World, options: AwaitOptions): Promise<Awaited> {
  const { host, health, service, facts } = world;
  const { unit } = facts.installation;
  const question = answersQuestion(facts, options.version);
  const deadline = host.clock.monotonic() + options.timeoutMs;
  let saw = 'no answer';
  let excused = false;
  let lookAt = host.clock.monotonic() + (question === undefined ? 0 : LOOK_MS);
  for (;;) {
    if (question !== undefined) {
      const context = { token: undefined, sinceStartMs: undefined, timeoutMs: 2_000, stop: options.stop };
      const answer = await health.ask(question, context);
      if (answer.healthy) return { answered: true, saw: answer.saw };
      saw = answer.saw;
      excused = options.excuses?.(answer) ?? false;
    }
    if (host.clock.monotonic() >= lookAt) {
      const state = await service.state(unit);
      const line = await failureLine(world, options.since);
      if (line !== undefined) return { answered: false, saw: readable(line).slice(0, MAX_SAID), line };
      if (isGone(state)) return { answered: false, saw: describeState(state) };
      if (state.activity === 'active' && (question === undefined || options.patient === true)) {
        return { answered: true, saw: 'active' };
      }
      lookAt = host.clock.monotonic() + LOOK_MS;
    }
    if (host.clock.monotonic() >= deadline) {
      const up = excused && (await service.state(unit)).activity === 'active';
      return { answered: up, saw: `${saw} after ${options.timeoutMs} ms` };
    }
    await host.clock.sleep(POLL_MS, options.stop);
  }
}

/** Ended for good, or on its way to a third try: the second non-zero exit is failure. */
export function isGone(state: ServiceState): boolean {
  if (state.activity === 'failed' || state.activity === 'inactive') return true;
  const failedBefore = state.result !== 'success' && state.activity !== 'active';
  return state.restarts >= 2 || (state.restarts >= 1 && failedBefore);
}

export function describeState({ activity, restarts, result, exitCode }: ServiceState): string {
  const code = exitCode === undefined ? '' : `, exit ${exitCode}`;
  return `unit ${activity} (${result}${code}), ${restarts} restarts`;
}

async function failureLine({ service, facts }: World, since: string | undefined): Promise<string | undefined> {
  if (since === undefined) return undefined;
  const words = [...facts.profile.health.failure_lines, ...(facts.profile.migrate?.failure_lines ?? [])];
  if (words.length === 0) return undefined;
  const lines = await service.logsSince(facts.installation.unit, since, { maxLines: 500 });
  return lines.find((line) => words.some((word) => line.includes(word)));
}

/** A structured log line in a few words; any other as it is. Its words are the product's own. */
function readable(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { readonly msg?: unknown; readonly err?: unknown };
    const words = [msg, err].filter((word): word is string => typeof word === 'string');
    return words.length === 0 ? line : words.join(': ');
  } catch {
    return line;
  }
}
