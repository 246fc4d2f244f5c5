import { open, rm, stat } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { realHost, scratch } from '../data/workbench.ts';

const { commands } = realHost();
const MIB = 1024 * 1024;

async function file(bytes: number): Promise<string> {
  const path = `${await scratch()}/file`;
  const handle = await open(path, 'w');
  await handle.truncate(bytes);
  await handle.close();
  return path;
}

/** Milliseconds of a command, without a limit and with one. */
async function both(argv: readonly [string, ...string[]], bytesPerSecond: number): Promise<readonly [number, number]> {
  const free = await commands.run(argv, { timeoutMs: 60_000 });
  const paced = await commands.run(argv, { timeoutMs: 60_000, bytesPerSecond });
  expect([free.exitCode, paced.exitCode]).toEqual([0, 0]);
  expect(paced.stdout).toBe(free.stdout);
  return [free.ms, paced.ms];
}

test('a child that is ahead of its rate waits, and ends whole', async () => {
  const path = await file(128 * MIB);
  // At the rate it would be 4 s: what it does before the first look, and after the last, is not held back.
  const [, paced] = await both(['sha256sum', path], 32 * MIB);
  expect(paced).toBeGreaterThan(500);
});

test('what a child starts counts as its own', async () => {
  const path = await file(128 * MIB);
  const [, paced] = await both(['find', path, '-exec', 'sha256sum', '{}', '+'], 32 * MIB);
  expect(paced).toBeGreaterThan(500);
});

test('a stopped child is killed when its time is over', async () => {
  const path = await file(256 * MIB);
  const { timedOut } = await commands.run(['cp', '--sparse=never', path, `${path}.copy`], {
    timeoutMs: 500,
    bytesPerSecond: MIB,
  });
  expect(timedOut).toBe(true);
  expect((await stat(`${path}.copy`)).size).toBeLessThan(256 * MIB);
  await rm(`${path}.copy`);
});
