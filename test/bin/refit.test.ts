import { execFileSync, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import semver from 'semver';
import { afterAll, describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-bin-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

/** A package of ours with a main that only says that it ran, started on a Node that claims to be `version`. */
function start(version: string, layout: 'dist/main.js' | 'src/main.ts' = 'dist/main.js') {
  const place = fs.mkdtempSync(path.join(scratch, 'package-'));
  for (const folder of ['bin', path.dirname(layout)]) fs.mkdirSync(path.join(place, folder), { recursive: true });
  fs.copyFileSync(path.join(root, 'bin/refit.js'), path.join(place, 'bin/refit.js'));
  fs.writeFileSync(path.join(place, 'package.json'), '{"type":"module"}');
  fs.writeFileSync(path.join(place, layout), `export async function main() { console.log('${layout} ran'); }`);
  const claim = `data:text/javascript,Object.defineProperty(process.versions,'node',{value:'${version}'})`;
  const argv = ['--import', claim, path.join(place, 'bin/refit.js')];
  return spawnSync(process.execPath, argv, { encoding: 'utf8' });
}

const versions = ['14.21.3', '18.20.0', '20.20.2', '21.7.3', '22.9.0', '22.22.1', '22.22.2', '22.23.0', '23.11.1'];
versions.push('24.0.0', '24.14.9', '24.15.0', '24.21.0', '25.9.9', '26.0.0', '28.1.0');

describe('bin/refit.js and `engines` in package.json agree', () => {
  const { engines } = JSON.parse(fs.readFileSync(path.join(root, 'package.json'), 'utf8'));

  test.each(versions)('Node %s', (version) => {
    const { stdout, stderr, status } = start(version);
    if (semver.satisfies(version, engines.node)) {
      expect({ stdout, stderr, status }).toEqual({ stdout: 'dist/main.js ran\n', stderr: '', status: 0 });
    } else {
      const line = `refit: Cannot start on Node ${version}: expected 22.22.2 or a later 22, 24.15 or a later 24, or 26 and above\n`;
      expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: line, status: 3 });
    }
  });
});

test('a checkout that was not built runs its sources', () => {
  expect(start('24.21.0', 'src/main.ts').stdout).toBe('src/main.ts ran\n');
});

test('it can be run as a program', () => {
  expect(execFileSync('test', ['-x', path.join(root, 'bin/refit.js')]).toString()).toBe('');
});
