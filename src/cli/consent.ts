import { RefitError } from '../errors.ts';
import { inhibitors } from '../runbook/checks/all.ts';
import type { Judged } from '../runbook/checks/judge.ts';
import type { Context, Flags } from './context.ts';
import { truth } from './flags.ts';

/** Refuses what inhibiting findings stand against, each with the words that would let it pass. */
export function requireFit(checks: readonly Judged[]): void {
  const against = inhibitors(checks);
  if (against.length === 0) return;
  // Two findings may share one: each file system has its own.
  const codes = [...new Set(against.map(({ code }) => code))];
  const named = against.map(({ code, measured }) => `${code} (${measured})`).join('; ');
  throw new RefitError('E_CHECK_FAILED', `Cannot begin: ${named}`, {
    hint: `${against[0]?.remedy}; or, knowing what it means: ${codes.map((code) => `--waive ${code}`).join(' ')}`,
    facts: { findings: codes.join(' ') },
  });
}

/** Asks before anything is changed. Without a terminal only --yes answers. */
export async function requireConsent({ terminal }: Context, flags: Flags, question: string): Promise<void> {
  if (truth(flags, 'yes')) return;
  if (!terminal.interactive) {
    throw new RefitError('E_CONFIRMATION_NEEDED', 'Cannot ask for confirmation: stdin or stderr is not a terminal', {
      hint: 'Add --yes once you have read the plan: refit plan',
    });
  }
  const answer = await terminal.ask(`${question} [y/N] `);
  // Ctrl-C and Ctrl-D leave the cursor behind the question.
  if (answer === undefined) terminal.err('\n');
  if (['y', 'yes'].includes(answer?.trim().toLowerCase() ?? '')) return;
  throw new RefitError('E_DECLINED', 'Nothing was changed, as you said', {
    hint: 'Type the command again when you are ready',
  });
}
