import type { RunState } from '../engine/replay.ts';
import type { ErrorCode } from '../errors.ts';
import { hookWarnings } from './hooks.ts';

/** What went otherwise than it should, and stopped nothing. */
export interface Warning {
  readonly code: ErrorCode;
  readonly message: string;
}

/** What the steps of a run, undone or not, have to say of what went otherwise. */
export function warningsOf(state: RunState): readonly Warning[] {
  return [
    ...hookWarnings(state).map((message): Warning => ({ code: 'E_HOOK_FAILED', message })),
    ...killed(state).map((unit): Warning => {
      const message = `${unit} did not stop in its time and was killed: its data was taken as a crash leaves it, logs included`;
      return { code: 'E_SERVICE_STOP', message };
    }),
  ];
}

/** Units that their manager had to kill when it stopped them. */
function killed({ plan, places, steps }: RunState): readonly string[] {
  return places.flatMap(({ step, index }) => {
    const output = step.kind === 'stop' ? steps[index]?.output : undefined;
    const wasKilled = typeof output === 'object' && output !== null && 'killed' in output && output['killed'] === true;
    return wasKilled ? [plan.installation] : [];
  });
}
