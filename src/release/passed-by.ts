import { type ErrorCode, RefitError } from '../errors.ts';

/** A source that did not do, and why. */
export interface PassedBy {
  /** For people. */
  readonly where: string;
  readonly error: RefitError;
}

/** It is down, answers nonsense, does not have the release, or loses the line: another one may do better. */
const PASSABLE: ReadonlySet<ErrorCode> = new Set([
  'E_SOURCE_UNREACHABLE',
  'E_SOURCE_INVALID',
  'E_RELEASE_UNKNOWN',
  'E_DOWNLOAD_SHORT',
  'E_NOT_FOUND',
]);

/** What is wrong with this machine, or with what arrived, no other source mends. */
export function isPassable(error: unknown): error is RefitError {
  return error instanceof RefitError && PASSABLE.has(error.code);
}

export function passedByText({ where, error }: PassedBy): string {
  return `${where} is passed by: ${error.message}`;
}

/** One error that names each. With the code they share, or one says that it is no use to look for another release. */
export function noneLeft(what: string, passed: readonly PassedBy[]): RefitError {
  const [first] = passed;
  if (first === undefined) throw new Error('internal: there was no source at all');
  if (passed.length === 1) return first.error;
  const isShared = passed.every(({ error }) => error.code === first.error.code);
  const code = isShared ? first.error.code : 'E_SOURCE_UNREACHABLE';
  const each = passed.map(({ where, error }) => `${where}: ${error.message}`).join('; ');
  return new RefitError(code, `Cannot ${what} from any of ${passed.length} sources: ${each}`, {
    hint: first.error.hint,
    facts: { sources: passed.length },
    cause: first.error,
  });
}
