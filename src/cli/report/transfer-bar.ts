import { SingleBar } from 'cli-progress';
import type { Terminal } from '../../host/terminal.ts';
import { bytes } from '../../runbook/words.ts';
import { plain } from './plain.ts';

interface Transfer {
  readonly what: string;
  readonly done: number;
  readonly total: number | undefined;
}

/** A bar for what is long, on a terminal that may be redrawn; elsewhere nothing. */
export function transferBar({ live }: Pick<Terminal, 'live'>): { draw(transfer: Transfer): void; end(): void } {
  let bar: SingleBar | undefined;
  const end = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    end,
    draw({ what, done, total }) {
      if (!live || total === undefined) return;
      if (bar === undefined) {
        const format = `        {what} [{bar}] {percentage}% of ${bytes(total)}`;
        // Signals are the viewer's: the bar's own handler would swallow a SIGTERM.
        bar = new SingleBar({ format, barsize: 24, clearOnComplete: true, linewrap: false, gracefulExit: false });
        bar.start(total, done, { what: plain(what) });
      }
      bar.update(done, { what: plain(what) });
      if (done === total) end();
    },
  };
}
