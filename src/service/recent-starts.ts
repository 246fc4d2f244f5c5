import { RefitError } from '../errors.ts';
import type { Argv } from '../host/commands.ts';
import type { Host } from '../host/host.ts';

type Asking = Pick<Host, 'commands' | 'clock'>;

/** MESSAGE_ID of "Started …", which systemd logs of every start. Source: SD_MESSAGE_UNIT_STARTED, sd-messages.h. */
const STARTED = '39f53479d3a045ac8e11786248231fbf';
const MAX_STARTS = 5;
/** The longest of them counts: more seldom teach more. */
const ENOUGH = 3;
/** Later than that after a start the line is not its end. */
const MAX_START_S = 3_600;
/** For all of it: whoever asks waits, and the log of a chatty service is long. */
const PATIENCE_MS = 3_000;
/** By lines: to a pipe journalctl writes in blocks, and a first match would wait there until all of the log is read. */
const JOURNALCTL: Argv = ['stdbuf', '-oL', 'journalctl', '--quiet', '--no-pager', '--output=json'];
const MICROSECONDS_PER_MS = 1_000;

interface Entry {
  readonly __MONOTONIC_TIMESTAMP?: string;
  readonly __REALTIME_TIMESTAMP?: string;
  readonly INVOCATION_ID?: string;
}

/**
 * How long the last starts of a unit took, newest first, in milliseconds: from systemd's word that it started it to the first line
 * that holds `line`. Starts that never logged it are left out, and those that logged it before that word: of Type=notify all do,
 * since systemd waits for the server to be ready, and they teach nothing. What cannot be asked (no permission, a journalctl without
 * patterns) or takes too long teaches nothing either. One after the other and in the background: the service runs meanwhile.
 */
export async function recentStarts(host: Asking, unit: string, line: string): Promise<readonly number[]> {
  const until = host.clock.monotonic() + PATIENCE_MS;
  const words = [`--unit=${unit}`, `MESSAGE_ID=${STARTED}`, '--reverse', `-n${MAX_STARTS}`];
  const starts: Entry[] = [];
  for await (const start of entries(host, words, until)) starts.push(start);
  const took: number[] = [];
  for (const start of starts) {
    if (took.length === ENOUGH) break;
    const ms = await startOf(host, start, line, until);
    if (ms > 0) took.push(ms);
  }
  return took;
}

/** NaN where it is not known. */
async function startOf(host: Asking, start: Entry, line: string, until: number): Promise<number> {
  const { INVOCATION_ID: id = '', __REALTIME_TIMESTAMP: time } = start;
  if (!/^[0-9a-f]{32}$/.test(id)) return Number.NaN;
  const last = Math.ceil(Number(time) / 1e6) + MAX_START_S;
  const words = [`_SYSTEMD_INVOCATION_ID=${id}`, `--grep=${quoted(line)}`, '--case-sensitive=true', `--until=@${last}`];
  // The first one ends it: what the service said since is not searched.
  for await (const said of entries(host, words, until))
    return Math.round((Number(said.__MONOTONIC_TIMESTAMP) - Number(start.__MONOTONIC_TIMESTAMP)) / MICROSECONDS_PER_MS);
  return Number.NaN;
}

/** A pattern that means just this text. Source: pcre2pattern(3), "\Q…\E". */
function quoted(text: string): string {
  return `\\Q${text.replaceAll('\\E', '\\E\\\\E\\Q')}\\E`;
}

/** As they come, the whole lines: those that were said before it failed, or before its time was over, count. */
async function* entries({ commands, clock }: Asking, words: readonly string[], until: number): AsyncGenerator<Entry> {
  const timeoutMs = until - clock.monotonic();
  if (timeoutMs <= 0) return;
  const argv: Argv = [...JOURNALCTL, '--output-fields=INVOCATION_ID', ...words];
  let rest = '';
  try {
    for await (const part of commands.stream(argv, { timeoutMs, background: true })) {
      const lines = (rest + Buffer.from(part).toString('latin1')).split('\n');
      rest = lines.pop() ?? '';
      for (const text of lines) if (text !== '') yield JSON.parse(text) as Entry;
    }
  } catch (error) {
    if (!(error instanceof RefitError)) throw error;
  }
}
