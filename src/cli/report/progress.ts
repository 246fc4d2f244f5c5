import { SingleBar } from 'cli-progress';
import type { Terminal } from '../../host/terminal.ts';
import { bytes, duration } from '../../runbook/words.ts';
import type { RunEvent } from '../../runbook/worker/events.ts';
import { plain } from './plain.ts';

/** Shows a run's events on stderr, as they come: a line per step; on a live terminal a bar for what is long. */
export interface ProgressReport {
  show(event: RunEvent): void;
  /** Clears what is half drawn. */
  end(): void;
}

export function progressReport(terminal: Terminal, planned: number): ProgressReport {
  const bar = transferBar(terminal);
  let steps = planned;
  /** Of the step under way; unknown for one that an earlier worker began. */
  let begunAt: number | undefined;
  return {
    show(event) {
      if (event.type === 'run.begin') steps = event.steps;
      if (event.type === 'step.begin') begunAt = Date.parse(event.at);
      if (event.type === 'progress' && event.progress.kind === 'bytes') {
        bar.draw(event.progress);
        return;
      }
      const line = lineOf(event, steps, begunAt === undefined ? undefined : Date.parse(event.at) - begunAt);
      if (event.type === 'step.end') begunAt = undefined;
      if (line === undefined) return;
      bar.end();
      terminal.err(`${plain(line)}\n`);
    },
    end: () => bar.end(),
  };
}

/** What is said of an event; undefined for one that is not worth a line. */
function lineOf(event: RunEvent, steps: number, ms: number | undefined): string | undefined {
  const place = 'step' in event ? `${String(event.step + 1).padStart(2)}/${steps}` : '';
  switch (event.type) {
    case 'step.end':
      return `  ok    ${place} ${event.title}${ms === undefined ? '' : ` (${duration(ms)})`}`;
    case 'step.fail':
      return `  FAIL  ${place} ${event.title}\n        ${event.message}`;
    case 'run.turn':
      return '  back  going back, last step first';
    case 'undo.end':
      return `  undid ${place} ${event.title}`;
    case 'undo.fail':
      return `  STUCK ${place} ${event.title}\n        ${event.message}`;
    case 'discard.fail':
      return `  warning: ${event.message}`;
    case 'run.pause':
      return event.reason === 'asked' ? undefined : `  pause (${event.reason})`;
    case 'hop.commit':
      return `  done  ${event.to} is committed`;
    case 'progress':
      return event.progress.kind === 'note' ? `        ${event.progress.text}` : undefined;
    default:
      return undefined;
  }
}

interface Transfer {
  readonly what: string;
  readonly done: number;
  readonly total: number | undefined;
}

function transferBar(terminal: Terminal): { draw(transfer: Transfer): void; end(): void } {
  let bar: SingleBar | undefined;
  const end = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    end,
    draw({ what, done, total }) {
      if (!terminal.live || total === undefined) return;
      if (bar === undefined) {
        const format = `        {what} [{bar}] {percentage}% of ${bytes(total)}`;
        bar = new SingleBar({ format, barsize: 24, hideCursor: true, clearOnComplete: true, linewrap: false });
        bar.start(total, done, { what: plain(what) });
      }
      bar.update(done, { what: plain(what) });
      if (done === total) end();
    },
  };
}
