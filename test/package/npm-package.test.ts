import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EXIT } from '../../src/errors.ts';
import { expectVerifies } from './signed.ts';

const root = path.resolve(import.meta.dirname, '../..');
const { version } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8')) as { version: string };
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-package-'));
const nodes = [
  ['22', 'tools/node22'],
  ['24', 'tools/node'],
] as const;

let tarball: string;

beforeAll(() => {
  const out = execFileSync('npm', ['pack', '--json', '--pack-destination', scratch], { cwd: root, encoding: 'utf8' });
  expect(out).toContain('.tgz');
  tarball = path.join(scratch, `refit-${version}.tgz`);
});

afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

const listing = (): string[] => execFileSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).trim().split('\n');

test('the package holds the program, its profiles and the licences, and nothing of the workshop', () => {
  const names = listing();
  expect(names).toEqual(
    expect.arrayContaining([
      'package/bin/refit.js',
      'package/dist/main.js',
      'package/dist/LICENSES.txt',
      'package/dist/profiles/dockmesh.yaml',
      'package/LICENSE',
      'package/README.md',
    ]),
  );
  expect(names.filter((name) => /^package\/(src|test|scripts|fixtures|tools)\//.test(name))).toEqual([]);
});

test('the fault twin is not in the package', () => {
  execFileSync('tar', ['-xzf', tarball, '-C', scratch]);
  const scripts = listing().filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(1);
  // esbuild writes the path of each source above what it took from it.
  const texts = scripts.map((name) => fs.readFileSync(path.join(scratch, name), 'utf8'));
  expect(texts.filter((text) => text.includes('// src/host/')).length).toBeGreaterThan(0);
  expect(texts.filter((text) => text.includes('src/host/faults'))).toEqual([]);
});

test('it brings no other package and runs no install script', () => {
  const manifest = JSON.parse(execFileSync('tar', ['-xzOf', tarball, 'package/package.json'], { encoding: 'utf8' }));
  expect(manifest.dependencies).toBeUndefined();
  for (const name of ['preinstall', 'install', 'postinstall']) expect(manifest.scripts).not.toHaveProperty(name);
});

describe.each(nodes)('installed under Node %s', (major, tool) => {
  const bin = path.join(root, tool, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin');
  const prefix = path.join(scratch, `prefix-${major}`);
  const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: scratch };
  const refit = (...argv: string[]) =>
    spawnSync(path.join(prefix, 'bin/refit'), argv, { env, cwd: scratch, encoding: 'utf8' });

  beforeAll(() => {
    expect(execFileSync('node', ['--version'], { env, encoding: 'utf8' })).toMatch(new RegExp(`^v${major}\\.`));
    // Offline: a server behind a firewall is given one file, and that must be enough.
    execFileSync('npm', ['install', '--global', '--offline', '--prefix', prefix, tarball], { env, stdio: 'pipe' });
  });

  test('says its version and nothing else', () => {
    expect(refit('--version')).toMatchObject({ stdout: `${version}\n`, stderr: '', status: EXIT.ok });
  });

  test('prints every exit code', () => {
    const { stdout, stderr, status } = refit('docs', 'exit-codes');
    for (const code of Object.values(EXIT)) expect(stdout).toMatch(new RegExp(`\\b${code}\\b`));
    expect({ stderr, status }).toEqual({ stderr: '', status: EXIT.ok });
  });

  test('verifies signatures, by the root inside and by another', () => {
    expectVerifies(refit, scratch);
  });
});
