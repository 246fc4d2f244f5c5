import type { RunState } from '../../engine/replay.ts';
import type { Standing } from '../../engine/standing.ts';
import type { Host } from '../../host/host.ts';
import type { WorkRequest } from './request.ts';

const TIMEOUT_MS = 5_000;

/** One line in the system's log per run: who, what, outcome. A host without `logger` has no such log. */
export async function logOutcome(
  { commands, identity }: Pick<Host, 'commands' | 'identity'>,
  { by, run, installation }: WorkRequest,
  { plan, committedHops }: RunState,
  { name, exit }: Standing,
): Promise<void> {
  if (identity.uid !== 0 || (await commands.find('logger')) === undefined) return;
  const at = name === 'partial' ? ` at ${plan.hops[committedHops - 1]?.to}` : '';
  const text = `${by}: ${plan.purpose} of ${installation} from ${plan.from} to ${plan.to}: ${name}${at} (exit ${exit}, run ${run})`;
  await commands.run(['logger', '-t', 'refit', '--', text], { timeoutMs: TIMEOUT_MS });
}
