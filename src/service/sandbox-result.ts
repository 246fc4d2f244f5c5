import type { CommandResult } from '../host/commands.ts';
import type { SandboxResult } from './sandbox.ts';

/** What a finished child says, with its two streams as one text. */
export function resultOf(done: CommandResult, timeoutMs: number): SandboxResult {
  return {
    exitCode: done.exitCode,
    output: `${done.stdout}${done.stderr}`.slice(-65_536),
    timedOut: done.timedOut || done.ms >= timeoutMs,
    ms: done.ms,
  };
}
