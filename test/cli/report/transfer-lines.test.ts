import { expect, test } from 'vitest';
import { transferLines } from '../../../src/cli/report/transfer-lines.ts';
import { recordingTerminal } from '../support/terminal.ts';

const MIB = 2 ** 20;

function shown(what: string, total: number | undefined, bytesPerSecond: number | undefined, steps: number): string[] {
  const terminal = recordingTerminal({ live: false });
  const lines = transferLines(terminal);
  for (let step = 0; step <= steps; step += 1) {
    const done = ((total ?? MIB) * step) / steps;
    const remainingMs =
      total === undefined || bytesPerSecond === undefined ? undefined : ((total - done) / bytesPerSecond) * 1000;
    lines.draw({ what, done, total, bytesPerSecond, remainingMs });
  }
  lines.end();
  return terminal.stderr.split('\n').slice(0, -1);
}

test('100 MiB at 50 KB/s: as many lines as anybody wants to read, each with how long it will take', () => {
  const lines = shown('a.tar.gz', 100 * MIB, 50_000, 1000);
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe('        a.tar.gz: 0 B of 100 MiB at 48.8 KiB/s, about 35 min to go');
  expect(lines[10]).toBe('        a.tar.gz: 50.0 MiB of 100 MiB at 48.8 KiB/s, about 18 min to go');
  expect(lines.at(-1)).toBe('        a.tar.gz: 100 MiB of 100 MiB at 48.8 KiB/s, less than a minute to go');
});

test('what is fast is not told of, nor what nobody knows the length or the pace of', () => {
  expect(shown('a', 100 * MIB, 100 * MIB, 100)).toEqual([]);
  expect(shown('a', undefined, 50_000, 100)).toEqual([]);
  expect(shown('a', 100 * MIB, undefined, 100)).toEqual([]);
});

test('no control character of a name reaches the log', () => {
  expect(shown('a\x1b[2J', 100 * MIB, 50_000, 1)[0]).toContain('a?[2J: ');
});
