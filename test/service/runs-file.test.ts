import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runsFile } from '../../src/service/runs-file.ts';
import { realHost } from '../data/workbench.ts';
import { scratch } from '../fixtures/scene.ts';

const { files } = realHost();

/** A script that waits for the end of its input and says when it has begun. */
function installed(firstLine: string): string {
  const file = path.join(scratch(), 'server');
  fs.writeFileSync(file, `${firstLine}\necho begun\nread line\n`, { mode: 0o755 });
  return file;
}

/** The id of a process that has begun. */
async function started(program: string, args: readonly string[], cwd = '/'): Promise<string> {
  const child = spawn(program, args, { cwd, stdio: ['pipe', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return String(child.pid);
}

test.each(['#!/bin/sh', '#!/bin/sh -e', '#!/usr/bin/env sh'])(
  'a script that begins with %s, however started',
  async (line) => {
    const file = installed(line);
    const link = path.join(scratch(), 'link');
    fs.symlinkSync(file, link);
    const runs = await runsFile(files, link);
    expect(await runs(await started(file, ['serve']))).toBe(true);
    expect(await runs(await started('sh', [file]))).toBe(true);
    expect(await runs(await started('./server', [], path.dirname(file)))).toBe(true);
    expect(await runs(await started(link, []))).toBe(true);
  },
);

test('a script that was replaced since is run all the same', async () => {
  const file = installed('#!/bin/sh');
  const id = await started(file, []);
  fs.renameSync(installed('#!/bin/sh'), file);
  expect(await (await runsFile(files, file))(id)).toBe(true);
});

test('whoever only has the file as an argument does not run it', async () => {
  const file = installed('#!/bin/sh');
  const runs = await runsFile(files, file);
  const follow = 'echo begun; read line';
  expect(await runs(await started('sh', ['-c', follow, file]))).toBe(false);
  expect(await runs(await started(installed('#!/bin/sh'), [file]))).toBe(false);
  // One file with many names: the one it is called by says what it does.
  const shell = path.join(scratch(), 'vi');
  fs.symlinkSync('/bin/sh', shell);
  expect(await runs(await started(shell, [file]))).toBe(false);
  // `tail` stands for an editor: another program than the interpreter.
  expect(await runs(await started('tail', ['-f', file]))).toBe(false);
});

test('a program is known by its own file, and a process that is gone runs nothing', async () => {
  const file = path.join(scratch(), 'cat');
  fs.copyFileSync('/bin/cat', file);
  fs.chmodSync(file, 0o755);
  const id = await started(file, ['/etc/hostname', '-']);
  const runs = await runsFile(files, file);
  expect([await runs(id), await runs(String(process.pid)), await runs('99999999')]).toEqual([true, false, false]);
  fs.rmSync(file);
  expect(await runs(id)).toBe(true);
});
