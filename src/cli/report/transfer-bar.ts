import { SingleBar } from 'cli-progress';
import { bytes } from '../../runbook/words.ts';
import { plain } from './plain.ts';
import { paceText, type Transfer, type TransferReport } from './transfer-pace.ts';

/** A bar for what is long, on a terminal that may be redrawn. */
export function transferBar(): TransferReport {
  let bar: SingleBar | undefined;
  const end = (): void => {
    bar?.stop();
    bar = undefined;
  };
  return {
    end,
    draw(transfer: Transfer) {
      const { what, done, total } = transfer;
      if (total === undefined) return;
      const payload = { what: plain(what), pace: paceText(transfer) };
      if (bar === undefined) {
        const format = `        {what} [{bar}] {percentage}% of ${bytes(total)}{pace}`;
        // Signals are the viewer's: the bar's own handler would swallow a SIGTERM.
        bar = new SingleBar({ format, barsize: 24, clearOnComplete: true, linewrap: false, gracefulExit: false });
        bar.start(total, done, payload);
      }
      bar.update(done, payload);
      if (done === total) end();
    },
  };
}
