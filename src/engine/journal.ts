import { crc32 } from 'node:zlib';
import { RefitError } from '../errors.ts';
import type { JournalRecord } from './record.ts';

/** The newest journal format this version writes and reads. */
export const JOURNAL_FORMAT = 1;

/** Where a run's history lives. Append-only; `append` resolves only once the record would survive a power cut. */
export interface Journal<R extends object = JournalRecord> {
  /** What was there when it was opened, then what was appended since. */
  readonly records: readonly R[];
  append(record: R): Promise<void>;
}

/** The file behind a journal. `append` is durable; `truncate` cuts to so many bytes, durably. */
export interface JournalFile {
  readonly path: string;
  /** Empty where there is none. */
  read(): Promise<Buffer>;
  append(line: string): Promise<void>;
  truncate(bytes: number): Promise<void>;
}

/** The journal could not be written: nothing more may be changed (law 15). Not a RefitError, so that no step's `attempt` eats it. */
export class JournalUnwritable extends Error {
  override readonly cause: RefitError;

  constructor(message: string, { cause }: { readonly cause: RefitError }) {
    super(message, { cause });
    this.cause = cause;
  }
}

/** Opens a journal for appending: drops a torn last line from the file, refuses any other damage (law 12). */
export async function openJournal<R extends object = JournalRecord>(
  file: JournalFile,
  now: () => Date,
): Promise<Journal<R>> {
  const bytes = await file.read();
  const { records, length } = decode<R>(bytes, file.path);
  if (length < bytes.length) await file.truncate(length);
  const all = [...records];
  return {
    records: all,
    async append(record) {
      try {
        await file.append(encode(record, all.length, now()));
      } catch (cause) {
        if (!(cause instanceof RefitError)) throw cause;
        throw new JournalUnwritable(`Cannot note what was done: ${cause.message}`, { cause });
      }
      all.push(record);
    },
  };
}

/** Reads a journal without opening it for writing: for `status`, `attach` and `history`. */
export function readJournal<R extends object = JournalRecord>(
  bytes: Buffer,
  path: string,
): Pick<Decoded<R>, 'records' | 'times'> {
  return decode(bytes, path);
}

/**
 * One line: the record as JSON with `format`, its gapless number `n`, the wall clock `at`, and as its last member `sum`,
 * the CRC-32 of all before it.
 */
export function encode(record: object, n: number, at: Date): string {
  const body = JSON.stringify({ format: JOURNAL_FORMAT, n, at: at.toISOString(), ...record }).slice(0, -1);
  return `${body},"sum":"${sumOf(body)}"}\n`;
}

interface Decoded<R> {
  readonly records: readonly R[];
  /** When each was written, by the wall clock: for people. */
  readonly times: readonly Date[];
  /** Bytes of all whole lines. */
  readonly length: number;
}

/** The records of all whole lines, and how many bytes those take. */
export function decode<R extends object = JournalRecord>(bytes: Buffer, path: string): Decoded<R> {
  const records: R[] = [];
  const times: Date[] = [];
  let start = 0;
  for (let end = bytes.indexOf(10, start); end !== -1; end = bytes.indexOf(10, start)) {
    const { record, at } = decodeLine<R>(bytes.toString('utf8', start, end), records.length, path);
    records.push(record);
    times.push(at);
    start = end + 1;
  }
  // What follows the last newline was being written when the power went: no one acted on it.
  return { records, times, length: start };
}

const SEALED = /^(.*),"sum":"([0-9a-f]{8})"\}$/s;

function decodeLine<R extends object>(
  line: string,
  n: number,
  path: string,
): { readonly record: R; readonly at: Date } {
  const [, body, sum] = SEALED.exec(line) ?? [];
  if (body === undefined || sum !== sumOf(body)) throw corrupt(path, n, 'its checksum does not match');
  const value = JSON.parse(`${body}}`) as { format: number; n: number; at: string } & R;
  if (value.format !== JOURNAL_FORMAT) {
    throw new RefitError(
      'E_JOURNAL_NEWER',
      `Cannot read ${path}: saw journal format ${value.format}, this version knows ${JOURNAL_FORMAT}`,
      { hint: 'Use the refit version that wrote it, or a newer one' },
    );
  }
  if (value.n !== n) throw corrupt(path, n, `it is numbered ${value.n}`);
  const { format: _format, n: _n, at, ...record } = value;
  // Nothing else has written a line whose checksum fits.
  return { record: record as unknown as R, at: new Date(at) };
}

function corrupt(path: string, n: number, saw: string): RefitError {
  return new RefitError('E_JOURNAL_CORRUPT', `Cannot trust ${path}: line ${n + 1} is damaged: ${saw}`, {
    hint: 'Nothing was changed. Keep the file; refit status shows what is true of the service',
    facts: { line: n + 1 },
  });
}

function sumOf(body: string): string {
  return crc32(body).toString(16).padStart(8, '0');
}
