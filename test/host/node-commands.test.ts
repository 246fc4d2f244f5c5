import { spawn } from 'node:child_process';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Effect, plainEffects } from '../../src/host/effects.ts';
import { nodeCommands } from '../../src/host/node-commands.ts';
import { commandsContract } from './commands.contract.ts';
import { isRoot, scratch, until } from './scratch.ts';

const commands = nodeCommands(plainEffects);
const LONG = { timeoutMs: 20_000 };
commandsContract('node', commands);

const identities: readonly (readonly [string, readonly string[]])[] = isRoot
  ? [
      ['as ourselves', []],
      ['as somebody else', ['65534', '65534']],
    ]
  : [['as ourselves', []]];

test.each(identities)('a child %s dies with the process that started it', async (_, ids) => {
  const at = scratch();
  chmodSync(at, 0o777);
  const pidFile = join(at, 'pid');
  const parent = spawn(process.execPath, [join(import.meta.dirname, 'children/parent.ts'), pidFile, ...ids], {
    stdio: 'ignore',
  });
  await until(() => existsSync(pidFile));
  const child = Number(readFileSync(pidFile, 'utf8'));
  expect(await commands.startTimeOf(child)).toBeDefined();
  parent.kill('SIGKILL');
  await until(async () => (await commands.startTimeOf(child)) === undefined);
  expect(await commands.startTimeOf(child)).toBeUndefined();
});

test('children are in a session of their own', async () => {
  const { stdout } = await commands.run(['sh', '-c', 'ps -o sid= -p $$; echo $$'], LONG);
  const [session, pid] = stdout.trim().split(/\s+/);
  expect(session).toBe(pid);
});

test('bulk work has the lowest priority', async () => {
  const { stdout } = await commands.run(['sh', '-c', 'nice; ionice'], { ...LONG, background: true });
  expect(stdout).toBe('19\nidle\n');
});

if (isRoot) {
  test('ids are changed, and no other group is kept', async () => {
    const { stdout } = await commands.run(['id'], { ...LONG, uid: 65_534, gid: 65_533 });
    expect(stdout).toMatch(/^uid=65534\S* gid=65533\S* groups=65533\S*\n$/);
  });
}

test('what changes the machine is an effect, what looks is not', async () => {
  const at = scratch();
  const effects: Effect[] = [];
  const counted = nodeCommands({
    run: (effect, act) => {
      effects.push(effect);
      return act(() => undefined);
    },
  });
  await counted.query(['true'], LONG);
  await counted.find('true');
  expect(effects).toEqual([]);
  await counted.run(['true'], LONG);
  await counted.must(['true', 'x'], LONG);
  const pid = await counted.spawnDetached(['true'], { cwd: at, env: {}, logPath: join(at, 'log') });
  await counted.signal(pid, 'SIGTERM');
  const labels = ['run true', 'run true x', 'start true', `send SIGTERM to ${pid}`];
  expect(effects).toEqual(labels.map((label) => ({ kind: 'process', label })));
});
