import { RefitError } from '../errors.ts';
import type { Files } from './files.ts';
import type { LockHolder } from './lock.ts';

const MAX_BYTES = 64 * 1024;

/** For people, beside the lock, readable by everybody. */
export function holderPath(lock: string): string {
  return `${lock}.json`;
}

export function parseHolder(text: string): LockHolder | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  const { pid, startTime, since, who, command } = value as Record<keyof LockHolder, unknown>;
  if (typeof pid !== 'number' || typeof startTime !== 'string' || typeof since !== 'string') return undefined;
  if (typeof who !== 'string' || typeof command !== 'string') return undefined;
  return { pid, startTime, since, who, command };
}

/** `undefined` where it is missing, damaged or not for us to read: it decides nothing. */
export async function readHolder(files: Files, lock: string): Promise<LockHolder | undefined> {
  try {
    return parseHolder((await files.read(holderPath(lock), { maxBytes: MAX_BYTES })).toString());
  } catch (cause) {
    if (cause instanceof RefitError) return undefined;
    throw cause;
  }
}

export function lockedError(path: string, holder: LockHolder | undefined): RefitError {
  const by =
    holder === undefined
      ? 'by a process that has not said who it is'
      : `by process ${holder.pid} (${holder.command}) of ${holder.who} since ${holder.since}`;
  return new RefitError('E_LOCKED', `Cannot lock ${path}: saw it held ${by}, expected it free`, {
    hint: 'refit status shows what runs; refit attach follows it to its end',
    facts: holder === undefined ? { path } : { path, pid: holder.pid, who: holder.who, since: holder.since },
  });
}
