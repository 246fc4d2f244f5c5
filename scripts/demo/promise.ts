import type { Look } from './look.ts';
import { BREAKS, type DemoBreak } from './options.ts';
import { FROM, NEWEST } from './versions.ts';

/** What refit promises of an upgrade: its exit status, and which version then answers. */
export interface Promised {
  readonly status: number;
  readonly version: string;
}

export function promisedOf(mode: DemoBreak | undefined): Promised {
  return mode === undefined ? { status: 0, version: NEWEST } : { status: BREAKS[mode], version: FROM };
}

/** Whether everything that was in the database is still there. */
export function keptData(before: Look, after: Look): boolean {
  return before.data.length > 0 && before.data.every((row) => after.data.includes(row));
}

export function isKept(promised: Promised, status: number, before: Look, after: Look): boolean {
  return status === promised.status && after.version === promised.version && keptData(before, after);
}
