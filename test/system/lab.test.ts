import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bootHost, type LabHost } from './support/host.ts';

const ON_DISK = '/var/lib/on-disk';

let host: LabHost;
beforeAll(async () => {
  host = await bootHost('disk', { disk: { megabytes: 64, directories: [ON_DISK] } });
});
afterAll(() => host[Symbol.asyncDispose]());

/** One file that reached the disk, and after it a rename and a file that did not have to. */
function writeBoth(): void {
  host.must(['sh', '-c', 'cd "$0" && rm -rf ./* && echo 1 > synced && sync synced .', ON_DISK]);
  host.must(['sh', '-c', 'cd "$0" && mv synced renamed && echo 2 > unsynced', ON_DISK]);
}

const names = (): readonly string[] => host.must(['ls', ON_DISK]).split('\n');

test('a reboot keeps what nobody synced, so it proves nothing about syncing', async () => {
  writeBoth();
  await host.reboot();
  expect(names()).toEqual(['renamed', 'unsynced']);
});

test('a loss of power takes what nobody synced', async () => {
  writeBoth();
  await host.powerLoss();
  expect(names()).toEqual(['synced']);
  expect(host.must(['cat', `${ON_DISK}/synced`])).toBe('1');
});

test('an orderly restart stops services and boots', async () => {
  host.must([
    'systemd-run',
    '--unit=witness',
    'sh',
    '-c',
    `trap 'date > ${ON_DISK}/stopped; exit 0' TERM; while :; do sleep 0.1; done`,
  ]);
  await host.restart();
  expect(names()).toContain('stopped');
  expect(host.must(['systemctl', 'is-system-running'])).toBe('running');
});

test('a command that was stopped for a moment goes on to its end', async () => {
  const [program, ...args] = host.argv(['sh', '-c', 'sleep 0.8; echo went on; exit 3']);
  const ended = once(spawn(program, args, { stdio: 'ignore' }), 'exit');
  while (host.exec(['pkill', '-STOP', '-f', 'went on']).exitCode !== 0);
  await setTimeout(200);
  host.must(['pkill', '-CONT', '-f', 'went on']);
  expect(await ended).toEqual([3, null]);
});

test('two hosts reach each other, and what one changes the other does not see', async () => {
  await using other = await bootHost('other');
  expect(other.address).not.toBe(host.address);
  host.must(['systemd-run', '--unit=answer', 'python3', '-m', 'http.server', '--directory', ON_DISK, '8000']);
  host.must(['sh', '-c', `echo hello > ${ON_DISK}/greeting; mkdir -p /etc/only-here`]);
  const fetched = other.must([
    'curl',
    '-sS',
    '--retry',
    '20',
    '--retry-connrefused',
    '--retry-delay',
    '1',
    `http://${host.address}:8000/greeting`,
  ]);
  expect(fetched).toBe('hello');
  expect(other.exec(['test', '-e', '/etc/only-here']).exitCode).toBe(1);
});
