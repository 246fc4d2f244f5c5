import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { scratch } from '../host/scratch.ts';
import { expectVerifies } from './signed.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const executable = path.join(root, 'build', `refit-${process.platform}-${process.arch}`);

/** No Node to be found: the executable brings its own. */
const refit = (...argv: string[]) =>
  spawnSync(executable, argv, { env: { PATH: '/nonexistent' }, cwd: '/', encoding: 'utf8' });

beforeAll(() => {
  execFileSync(process.execPath, [path.join(root, 'scripts/build-sea.mjs')], { stdio: ['ignore', 2, 2] });
});

test('says its version and nothing else', () => {
  expect(refit('--version')).toMatchObject({ stdout: `${version}\n`, stderr: '', status: EXIT.ok });
});

test('prints every exit code', () => {
  const { stdout, stderr, status } = refit('docs', 'exit-codes');
  for (const code of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`\\b${code}\\b`));
  expect({ stderr, status }).toEqual({ stderr: '', status: EXIT.ok });
});

test('the fault twin is not in it, the host is', () => {
  const bytes = fs.readFileSync(executable);
  expect(bytes.includes('// src/host/')).toBe(true);
  expect(bytes.includes('src/host/faults')).toBe(false);
});

test('verifies signatures, by the root inside and by another', () => {
  expectVerifies(refit, scratch());
});
