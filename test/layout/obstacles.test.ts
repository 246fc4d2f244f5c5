import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import type { CommandResult, Commands } from '../../src/host/commands.ts';
import { obstacles } from '../../src/layout/obstacles.ts';
import { realHost, scratch } from '../data/workbench.ts';

const host = realHost();

/** Tools whose answers need root, another distribution or a damaged host to be had; `*` stands for each path asked about. */
function answering(answers: Readonly<Record<string, string>>): Commands {
  const result = { signal: undefined, timedOut: false, stderr: '', ms: 0 };
  return {
    ...host.commands,
    find: async (program) => (program in answers ? `/usr/bin/${program}` : undefined),
    async query([program, ...args]): Promise<CommandResult> {
      const paths = args.slice(args.indexOf('--') + 1);
      const stdout = paths.map((path) => (answers[program] ?? '').replace('*', path)).join('\n');
      return { ...result, stdout, exitCode: stdout === '' ? 1 : 0 };
    },
  };
}

async function kinds(target: string, commands = host.commands): Promise<readonly string[]> {
  return (await obstacles({ ...host, commands }, [target])).map(({ kind }) => kind);
}

test('nothing stands against an ordinary file, nor against a new one', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/server`, '');
  expect(await kinds(`${dir}/server`)).toEqual([]);
  expect(await kinds(`${dir}/new`)).toEqual([]);
});

test('a directory in the way, a missing one and a dangling link are found', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/server`);
  await symlink('nowhere', `${dir}/link`);
  expect(await kinds(`${dir}/server`)).toEqual(['not-a-file']);
  expect(await kinds(`${dir}/none/server`)).toEqual(['no-directory']);
  expect(await kinds(`${dir}/link`)).toEqual(['not-a-file']);
});

test.each([
  ['a read-only mount', { readOnly: true, writable: false }, ['read-only']],
  ['a directory of somebody else', { readOnly: false, writable: false }, ['no-permission']],
])('%s is found', async (_, { readOnly, writable }, expected) => {
  const dir = await scratch();
  const space = async (path: string) => ({ ...(await host.files.space(path)), readOnly });
  const files = { ...host.files, space, writable: async () => writable };
  const found = await obstacles({ ...host, files, commands: answering({}) }, [`${dir}/new`, `${dir}/other`]);
  expect(found.map(({ kind }) => kind)).toEqual(expected);
});

test.each([
  ['an immutable file', { lsattr: '----i---------e------- *' }, ['immutable', 'immutable'], 'chattr -i'],
  ['an append-only one', { lsattr: '-----a--------e------- *' }, ['immutable', 'immutable'], 'chattr -a'],
  ['one without such attributes', { lsattr: '--------------e------- *' }, [], undefined],
  ['a file of dpkg', { 'dpkg-query': 'dockmesh: *' }, ['package-owned'], 'Upgrade dockmesh with'],
  ['a file of nobody, says rpm', { rpm: 'file * is not owned by any package' }, [], undefined],
  ['a file of rpm', { rpm: 'dockmesh-1.0-1.x86_64' }, ['package-owned'], 'Upgrade dockmesh-1.0-1.x86_64 with'],
])('%s', async (_, answers, expected, remedy) => {
  const dir = await scratch();
  await writeFile(`${dir}/server`, '');
  const found = await obstacles({ ...host, commands: answering(answers) }, [`${dir}/server`]);
  expect(found.map(({ kind }) => kind)).toEqual(expected);
  if (remedy !== undefined) expect(found[0]?.remedy).toContain(remedy);
});

test('a mounted file is found', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/aé`, '');
  const path = await host.files.realPath(`${dir}/aé`);
  const files = { ...host.files, mounts: async () => ['/', Buffer.from(path).toString('latin1')] };
  const found = await obstacles({ ...host, files, commands: answering({}) }, [path]);
  expect(found).toEqual([expect.objectContaining({ kind: 'mount-point', path })]);
});

test('what belongs to the package manager of this machine is found', async () => {
  const shell = (await host.commands.find('sha256sum')) ?? '';
  const has = await Promise.all(['dpkg-query', 'rpm'].map((program) => host.commands.find(program)));
  const expected = has.some((path) => path !== undefined) ? ['package-owned'] : [];
  expect((await kinds(shell)).filter((kind) => kind === 'package-owned')).toEqual(expected);
});
