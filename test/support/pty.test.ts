import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { KEY, onTerminal, type Terminal } from './pty.ts';

function terminal(script: string, ...args: readonly string[]): Terminal {
  const opened = onTerminal(['bash', '-c', script, 'bash', ...args]);
  onTestFinished(() => opened[Symbol.asyncDispose]());
  return opened;
}

test('the command has a terminal of the size asked for, and its exit code comes back', async () => {
  const it = terminal('test -t 0 && test -t 1 && stty size; exit 7');
  expect(await it.ended).toBe(7);
  expect(it.screen()).toBe('24 100\r\n');
  await expect(it.shows('never')).rejects.toThrow('without printing never');
});

test('an end by a signal is told', async () => {
  expect(await terminal('kill -TERM $$').ended).toBe(143);
});

test('^C interrupts', async () => {
  const it = terminal('trap "echo caught; exit 3" INT; echo ready; while :; do sleep 0.05; done');
  await it.shows('ready');
  it.type(KEY.interrupt);
  expect(await it.ended).toBe(3);
  expect(it.screen()).toContain('caught');
});

test('^S holds the screen and ^Q lets it go on', async () => {
  const it = terminal('echo ready; read -r line; echo "got $line"; exit 0');
  await it.shows('ready');
  it.type(`${KEY.stop}word\r`);
  await sleep(200);
  expect(it.screen()).not.toContain('got');
  it.type(KEY.resume);
  await it.shows('got word');
  expect(await it.ended).toBe(0);
});

test('^Z stops a job of a shell, and fg goes on with it', async () => {
  const it = terminal('set -m; sh -c "echo ready; read -r line; echo got \\$line"; echo "left $?"; fg > /dev/null');
  await it.shows('ready');
  it.type(KEY.suspend);
  await it.shows('left 148');
  it.type('word\r');
  await it.shows('got word');
});

test('a frozen screen blocks who prints on it', async () => {
  const at = mkdtempSync(join(tmpdir(), 'refit-pty-'));
  onTestFinished(() => rmSync(at, { recursive: true }));
  const it = terminal(
    'echo ready; read -r line; for n in {1..20000}; do echo "$n"; done; echo over; : > "$1"',
    `${at}/over`,
  );
  await it.shows('ready');
  it.type('go\r');
  it.freeze();
  await sleep(300);
  expect(existsSync(`${at}/over`)).toBe(false);
  it.thaw();
  await it.shows('over');
});

test('a hang-up reaches the command as SIGHUP', async () => {
  const at = mkdtempSync(join(tmpdir(), 'refit-pty-'));
  onTestFinished(() => rmSync(at, { recursive: true }));
  const it = terminal('trap \'echo hup > "$1"; exit 5\' HUP; echo ready; while :; do sleep 0.05; done', `${at}/end`);
  await it.shows('ready');
  it.hangUp();
  expect(await it.ended).toBe(5);
  expect(readFileSync(`${at}/end`, 'utf8')).toBe('hup\n');
});
