import type { Commands } from '../host/commands.ts';
import { ask } from './systemctl.ts';

const JOURNALCTL = ['journalctl', '--quiet', '--no-pager'] as const;
const CURSOR = /^-- cursor: (\S+)$/m;

interface Entry {
  readonly cursor: string;
  readonly lines: readonly string[];
}

/** Where the whole journal ends: a unit that never wrote has no end of its own. Empty where nothing is logged. */
export async function journalCursor(commands: Commands): Promise<string> {
  const text = await ask(commands, [...JOURNALCTL, '--lines=0', '--show-cursor']);
  return CURSOR.exec(text)?.[1] ?? '';
}

/**
 * See `ServiceManager.logsSince`. Messages of several lines come as several. From the cursor on, and its own entry left out
 * here: --after-cursor drops the unit's first line too when the cursor is another unit's (seen with systemd 252). Nor
 * --lines, which with a cursor means the oldest ones.
 */
export async function journalSince(
  commands: Commands,
  unit: string,
  cursor: string,
  maxLines: number,
): Promise<readonly string[]> {
  const from = cursor === '' ? `--lines=${maxLines}` : `--cursor=${cursor}`;
  const form = ['--all', '--output=json', '--output-fields=MESSAGE'];
  const text = await ask(commands, [...JOURNALCTL, `--unit=${unit}`, ...form, from]);
  const entries = parseEntries(text).filter((entry) => entry.cursor !== cursor);
  return entries.flatMap(({ lines }) => lines).slice(-maxLines);
}

/** One JSON object a line; a message that is no UTF-8 comes as a list of bytes. A last line that was cut off is left out. */
export function parseEntries(text: string): readonly Entry[] {
  const whole = text.slice(0, text.lastIndexOf('\n') + 1);
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { __CURSOR: cursor, MESSAGE: message } = JSON.parse(line) as { __CURSOR: string; MESSAGE?: unknown };
      return { cursor, lines: messageText(message).split('\n') };
    });
}

function messageText(message: unknown): string {
  if (typeof message === 'string') return message;
  return Array.isArray(message) ? Buffer.from(message.map(Number)).toString() : '';
}
