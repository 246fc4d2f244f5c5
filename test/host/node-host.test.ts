import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';
import { scratch } from './scratch.ts';

test('who we are', () => {
  const identity = readIdentity();
  expect(identity).toMatchObject({ pid: process.pid, platform: process.platform, workingDirectory: process.cwd() });
  expect(identity.self[0]).toBe(process.execPath);
  expect(identity.environment['PATH']).toBe(process.env['PATH']);
});

test('a program can start itself again from what it says of itself, also where its directory is gone', () => {
  const at = join(scratch(), 'gone');
  const child = join(import.meta.dirname, 'children/identity.ts');
  const script = 'mkdir "$1" && cd "$1" && rmdir "$1" && exec "$2" --no-warnings "$3"';
  const told = execFileSync('sh', ['-c', script, 'sh', at, process.execPath, child], { encoding: 'utf8' });
  expect(JSON.parse(told)).toEqual({ self: [process.execPath, '--no-warnings', child], workingDirectory: '/' });
});

test('the host is whole', async () => {
  const host = nodeHost(plainEffects, readIdentity());
  expect(await host.files.realPath('/')).toBe('/');
  expect(await host.commands.startTimeOf(host.identity.pid)).toMatch(/^\d+$/);
  expect(Object.keys(host).sort()).toEqual(['clock', 'commands', 'files', 'http', 'identity', 'lock', 'sqlite']);
});
