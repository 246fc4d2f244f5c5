import { expect, test } from 'vitest';
import type { Argv, CommandResult, Commands } from '../../src/host/commands.ts';
import { ownerIn, packaged } from '../../src/layout/packaged.ts';
import { realHost } from '../data/workbench.ts';

test.each([
  ['dockmesh: /usr/bin/dockmesh\n', 'dockmesh'],
  ['libc6:amd64, libc6:i386: /usr/share/doc/libc6\n', 'libc6:amd64'],
  ['diversion by wrapper from: /usr/bin/x\ndiversion by wrapper to: /usr/bin/x.real\nx: /usr/bin/x\n', 'x'],
  ['diversion by wrapper from: /usr/bin/x\ndiversion by wrapper to: /usr/bin/x.real\n', 'wrapper'],
  ['local diversion from: /usr/bin/x\nlocal diversion to: /usr/bin/x.real\n', undefined],
  ['dockmesh-1.0-1.x86_64\n', 'dockmesh-1.0-1.x86_64'],
  ['file /usr/local/bin/x is not owned by any package\n', undefined],
  ['', undefined],
])('%j names %j', (stdout, owner) => {
  expect(ownerIn(stdout)).toBe(owner);
});

/** A package manager that owns these, and what it was asked. */
function owning(owned: Readonly<Record<string, string>>): { readonly commands: Commands; readonly asked: Argv[] } {
  const asked: Argv[] = [];
  const commands: Commands = {
    ...realHost().commands,
    find: async (program) => (program === 'rpm' ? '/usr/bin/rpm' : undefined),
    async query(argv): Promise<CommandResult> {
      asked.push(argv);
      const lines = argv.slice(4).map((path) => owned[path] ?? `file ${path} is not owned by any package`);
      const exitCode = lines.filter((line) => line.startsWith('file ')).length;
      return { exitCode, stdout: `${lines.join('\n')}\n`, stderr: '', signal: undefined, timedOut: false, ms: 0 };
    },
  };
  return { commands, asked };
}

test('files of nobody cost one question', async () => {
  const { commands, asked } = owning({});
  expect(await packaged(commands, ['/a', '/b', '/c'])).toEqual([]);
  expect(asked).toEqual([['rpm', '--query', '--file', '--', '/a', '/b', '/c']]);
});

test('of several files the one that a package owns is named', async () => {
  const { commands } = owning({ '/b': 'server-1.0-1.x86_64' });
  const found = await packaged(commands, ['/a', '/b']);
  expect(found).toEqual([expect.objectContaining({ path: '/b', saw: 'the package server-1.0-1.x86_64' })]);
});

test('nothing to ask about is not asked', async () => {
  const { commands, asked } = owning({});
  expect(await packaged(commands, [])).toEqual([]);
  expect(asked).toEqual([]);
});
