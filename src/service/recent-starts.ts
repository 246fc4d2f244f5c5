import type { Commands } from '../host/commands.ts';

/** MESSAGE_ID of "Started …", which systemd logs of every start. Source: SD_MESSAGE_UNIT_STARTED, sd-messages.h. */
const STARTED = '39f53479d3a045ac8e11786248231fbf';
const MAX_STARTS = 5;
/** Later than that after a start the line is not its end. */
const MAX_START_S = 3_600;
const ANSWER_MS = 10_000;
const JOURNALCTL = ['journalctl', '--quiet', '--no-pager', '--output=json'] as const;
const MICROSECONDS_PER_MS = 1_000;

interface Entry {
  readonly __MONOTONIC_TIMESTAMP?: string;
  readonly __REALTIME_TIMESTAMP?: string;
  readonly INVOCATION_ID?: string;
}

/**
 * How long the last starts of a unit took, newest first, in milliseconds: from systemd's word that it started it to the first line
 * that holds `line`. Starts that never logged it are left out. What cannot be asked (no permission, a journalctl without patterns)
 * teaches nothing.
 */
export async function recentStarts(commands: Commands, unit: string, line: string): Promise<readonly number[]> {
  const starts = await entries(commands, [`--unit=${unit}`, `MESSAGE_ID=${STARTED}`, '--reverse', `-n${MAX_STARTS}`]);
  const took = await Promise.all(starts.map((start) => startOf(commands, start, line)));
  return took.filter((ms) => ms !== undefined);
}

async function startOf(commands: Commands, start: Entry, line: string): Promise<number | undefined> {
  const { INVOCATION_ID: id = '', __REALTIME_TIMESTAMP: time } = start;
  if (!/^[0-9a-f]{32}$/.test(id)) return undefined;
  const until = Math.ceil(Number(time) / 1e6) + MAX_START_S;
  const [said] = await entries(commands, [
    `_SYSTEMD_INVOCATION_ID=${id}`,
    `--grep=${quoted(line)}`,
    '--case-sensitive=true',
    `--until=@${until}`,
  ]);
  const ms = (Number(said?.__MONOTONIC_TIMESTAMP) - Number(start.__MONOTONIC_TIMESTAMP)) / MICROSECONDS_PER_MS;
  // A server can be quicker with its first line than systemd with its word.
  return Number.isFinite(ms) ? Math.max(0, Math.round(ms)) : undefined;
}

/** A pattern that means just this text. Source: pcre2pattern(3), "\Q…\E". */
function quoted(text: string): string {
  return `\\Q${text.replaceAll('\\E', '\\E\\\\E\\Q')}\\E`;
}

async function entries(commands: Commands, words: readonly string[]): Promise<readonly Entry[]> {
  const done = await commands.query([...JOURNALCTL, '--output-fields=INVOCATION_ID', ...words], {
    timeoutMs: ANSWER_MS,
  });
  if (done.exitCode !== 0 || done.timedOut) return [];
  const whole = done.stdout.slice(0, done.stdout.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => JSON.parse(text) as Entry);
}
