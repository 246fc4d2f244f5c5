import type { Terminal } from '../../host/terminal.ts';
import { transferBar } from './transfer-bar.ts';
import { transferLines } from './transfer-lines.ts';
import type { TransferReport } from './transfer-pace.ts';

/** A bar where the terminal may be redrawn, else lines. */
export function transferReport(terminal: Pick<Terminal, 'live' | 'err'>): TransferReport {
  return terminal.live ? transferBar() : transferLines(terminal);
}
