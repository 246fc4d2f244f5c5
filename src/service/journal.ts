import type { Commands } from '../host/commands.ts';
import type { Host } from '../host/host.ts';
import { ask } from './systemctl.ts';

const JOURNALCTL = ['journalctl', '--quiet', '--no-pager'] as const;
const MICROSECONDS_PER_MS = 1_000;

/**
 * Now, as a cursor: boot and monotonic time are enough for journalctl to find its place, and the wall clock where it no longer
 * has that boot. To ask it where the journal ends would cost a child while the service is down.
 * Source: sd_journal_seek_cursor() in systemd's src/libsystemd/sd-journal/sd-journal.c; tried with systemd 252.
 */
export async function journalCursor({ files, clock }: Pick<Host, 'files' | 'clock'>): Promise<string> {
  const boot = await files.read('/proc/sys/kernel/random/boot_id', { maxBytes: 64 });
  const hex = (ms: number): string => Math.floor(ms * MICROSECONDS_PER_MS).toString(16);
  const id = boot.toString('latin1').trim().replaceAll('-', '');
  return `b=${id};m=${hex(clock.monotonic())};t=${hex(clock.now().getTime())}`;
}

/**
 * See `ServiceManager.logsSince`. Messages of several lines come as several. From the cursor on: --after-cursor drops the
 * unit's first line too when the cursor is not its own (seen with systemd 252). Nor --lines, which with a cursor means the
 * oldest ones.
 */
export async function journalSince(
  commands: Commands,
  unit: string,
  cursor: string,
  maxLines: number,
): Promise<readonly string[]> {
  const form = ['--all', '--output=json', '--output-fields=MESSAGE'];
  const text = await ask(commands, [...JOURNALCTL, `--unit=${unit}`, ...form, `--cursor=${cursor}`]);
  return parseLines(text).slice(-maxLines);
}

/** One JSON object a message; one that is no UTF-8 comes as a list of bytes. A last one that was cut off is left out. */
export function parseLines(text: string): readonly string[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .flatMap((line) => messageText((JSON.parse(line) as { MESSAGE?: unknown }).MESSAGE).split('\n'));
}

function messageText(message: unknown): string {
  if (typeof message === 'string') return message;
  return Array.isArray(message) ? Buffer.from(message.map(Number)).toString() : '';
}
