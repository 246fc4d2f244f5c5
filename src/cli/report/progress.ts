import type { Terminal } from '../../host/terminal.ts';
import { duration } from '../../runbook/words.ts';
import type { RunEvent } from '../../runbook/worker/events.ts';
import { paintFor } from './paint.ts';
import { plain, wrap } from './plain.ts';
import { transferReport } from './transfer.ts';

/** Shows a run's events on stderr, as they come: a line per step; on a live terminal also the one that is being done. */
export interface ProgressReport {
  show(event: RunEvent): void;
  /** Clears what is half drawn. */
  end(): void;
}

/** `planned`: steps of the plan; a viewer that comes late is not told. */
export function progressReport(terminal: Terminal, planned: number): ProgressReport {
  const bar = transferReport(terminal);
  let steps = planned;
  let begun: Extract<RunEvent, { type: 'step.begin' | 'step.end' | 'undo.end' | 'discard.end' }> | undefined;
  let drawn = false;
  const clear = (): void => {
    bar.end();
    if (drawn) terminal.err(ERASE_LINE);
    drawn = false;
  };
  return {
    end: clear,
    show(event) {
      if (event.type === 'run.begin') steps = event.steps;
      if (event.type === 'progress' && event.progress.kind === 'bytes') {
        bar.draw(event.progress);
        return;
      }
      if (event.type === 'step.begin') {
        begun = event;
        clear();
        if (!terminal.live) return;
        terminal.err(
          `${plain(`  ...   ${placeOf(event.step, steps)} ${event.title}`).slice(0, terminal.columns - 1)}\r`,
        );
        drawn = true;
        return;
      }
      // Known only if this viewer saw it begin: after a resume it may have begun in another life.
      const took =
        event.type === 'step.end' && begun?.step === event.step
          ? ` (${duration(Date.parse(event.at) - Date.parse(begun.at))})`
          : '';
      const line = lineOf(event, steps, took, terminal);
      if (line === undefined) return;
      clear();
      terminal.err(`${terminal.live ? fitted(line, terminal.columns) : line}\n`);
    },
  };
}

/** ECMA-48: erase the whole line; the cursor stands at its beginning. */
const ERASE_LINE = '\x1b[2K';

function placeOf(step: number, steps: number): string {
  return `${String(step + 1).padStart(2)}/${steps}`;
}

/** Of what a head of ours takes; more for a step, which has its place too. */
const INDENT = 8;
const STEP_INDENT = 14;

/** Broken at words, for a person; a log has a line for each. */
function fitted(line: string, columns: number): string {
  return line
    .split('\n')
    .map((part) => wrap('', part, columns, PLACE.test(part) ? STEP_INDENT : INDENT))
    .join('\n');
}

const PLACE = /^ {2}\S+ +\d+\/\d+ /;

/** What is said of an event; undefined for one that is not worth a line. */
function lineOf(event: RunEvent, steps: number, took: string, terminal: Terminal): string | undefined {
  const { green, red, yellow } = paintFor(terminal);
  const place = 'step' in event ? placeOf(event.step, steps) : '';
  switch (event.type) {
    case 'step.end':
      return `  ${green('ok')}    ${place} ${plain(event.title)}${took}`;
    case 'step.fail':
      return `  ${red('FAIL')}  ${place} ${plain(event.title)}\n        ${plain(event.message)}`;
    case 'run.turn':
      return `  ${yellow('back')}  ${event.reason === 'operator' ? 'going back as asked' : 'going back'}, last step first`;
    case 'undo.end':
      return `  ${yellow('undid')} ${place} ${plain(event.title)}`;
    case 'undo.fail':
      return `  ${red('STUCK')} ${place} ${plain(event.title)}\n        ${plain(event.message)}`;
    case 'discard.fail':
      return `  ${yellow('warning:')} ${plain(event.message)}`;
    case 'run.pause':
      if (event.reason === 'asked') return undefined;
      return `  ${yellow('pause')} (${event.reason})${event.message === undefined ? '' : `\n        ${plain(event.message)}`}`;
    case 'hop.commit':
      return `  ${green('done')}  ${plain(event.to)} is committed`;
    case 'progress':
      return event.progress.kind === 'note' ? `        ${plain(event.progress.text)}` : undefined;
    default:
      return undefined;
  }
}
