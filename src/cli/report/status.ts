import type { PauseReason } from '../../engine/record.ts';
import { instantText } from '../../runbook/opening.ts';
import type { InstallationStatus } from '../../runbook/status.ts';
import type { RunSummary } from '../../runbook/store/state.ts';
import { bytes } from '../../runbook/words.ts';
import { away } from './away.ts';
import { nowLine } from './ending.ts';
import { plain } from './plain.ts';
import { waiverText } from './waivers.ts';

/** The service first, whatever else is wrong; then its runs, and the way back. */
export function statusText({ now, problems, ...rest }: InstallationStatus): string {
  const unread = problems.map(({ message }) => `  not looked at: ${message}`);
  return `${plain([nowLine(now), ...runLines(rest), ...rollbackLines(rest), ...skippedLines(rest), ...unread].join('\n'))}\n`;
}

const NEXT: Readonly<Partial<Record<PauseReason, string>>> & { readonly asked: string } = {
  asked: 'refit resume finishes it, refit rollback goes back',
  external: 'refit resume once that is mended, or with --waive external; refit rollback goes back',
  'no-way-back': 'refit resume tries the copy again; with --waive no-way-back it stays',
};

type Runs = Omit<InstallationStatus, 'now' | 'problems'>;

function runLines({ installation, state: { open, last }, worker }: Runs): readonly string[] {
  if (open !== undefined) {
    const doing = worker
      ? `${open.waitsUntil === undefined ? 'is under way' : `waits until ${instantText(open.waitsUntil)}`}: refit attach`
      : `is ${open.standing}: ${NEXT[open.paused ?? 'asked'] ?? NEXT.asked}`;
    return [`  ${open.purpose} ${open.from} -> ${open.to} ${doing}`, ...because(open.error), ...waivedLines(open)];
  }
  if (last === undefined) return [`  no runs of ${installation} yet: refit plan --to latest`];
  const gone = last.window === undefined ? '' : `, away for ${away(last.window)}`;
  const line = `  last run: ${last.purpose} ${last.from} -> ${last.to}, ${last.standing}${gone}, by ${last.by}`;
  return [line, ...because(last.error), ...waivedLines(last)];
}

function waivedLines({ waivers = [] }: RunSummary): readonly string[] {
  return waivers.map((one) => `  waived ${waiverText(one)}`);
}

function skippedLines({ state: { skipped } }: Runs): readonly string[] {
  return skipped.map(({ tag, at }) => `  passes by ${tag}, which failed on ${at.slice(0, 10)}: refit unskip ${tag}`);
}

function because(error: { readonly message: string } | undefined): readonly string[] {
  return error === undefined ? [] : [`  because: ${error.message}`];
}

function rollbackLines({ state: { open, rollback }, rollbackBytes }: Runs): readonly string[] {
  if (rollback === undefined || open !== undefined) return [];
  const cost = rollbackBytes === undefined ? '' : ` (${bytes(rollbackBytes)})`;
  return [`  refit rollback goes back to ${rollback.version}${cost}`];
}
