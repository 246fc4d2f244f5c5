import type { Terminal } from '../../host/terminal.ts';
import { bytes } from '../../runbook/words.ts';
import { plain } from './plain.ts';
import { paceText, type TransferReport } from './transfer-pace.ts';

/** What takes less is over before anybody reads of it. */
const WORTH_A_LINE_MS = 30_000;
const LINES_OF_A_TRANSFER = 20;

/** For logs and pipes: how far it is and how long it will take, a line each time a twentieth has come, of what is slow. */
export function transferLines({ err }: Pick<Terminal, 'err'>): TransferReport {
  let last: { readonly what: string; readonly part: number } | undefined;
  return {
    end: () => undefined,
    draw(transfer) {
      const { what, done, total, remainingMs } = transfer;
      if (total === undefined || remainingMs === undefined) return;
      const part = Math.floor((done / total) * LINES_OF_A_TRANSFER);
      const isNext = last?.what === what ? part !== last.part : remainingMs >= WORTH_A_LINE_MS;
      if (!isNext) return;
      last = { what, part };
      err(`        ${plain(what)}: ${bytes(done)} of ${bytes(total)}${paceText(transfer)}\n`);
    },
  };
}
