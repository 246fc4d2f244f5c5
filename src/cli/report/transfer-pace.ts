import { bytes, roughly } from '../../runbook/words.ts';

export interface Transfer {
  readonly what: string;
  readonly done: number;
  readonly total: number | undefined;
  readonly bytesPerSecond?: number | undefined;
  readonly remainingMs?: number | undefined;
}

/** Shows one transfer after the other. */
export interface TransferReport {
  draw(transfer: Transfer): void;
  end(): void;
}

/** " at 48.8 KiB/s, about 3 min to go", as far as it is known. */
export function paceText({ bytesPerSecond, remainingMs }: Transfer): string {
  if (bytesPerSecond === undefined) return '';
  const left = remainingMs === undefined ? '' : `, ${roughly(remainingMs)} to go`;
  return ` at ${bytes(bytesPerSecond)}/s${left}`;
}
