import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { buildReleases } from '../../scripts/build-sample.mjs';
import { REFIT } from './support/scene.ts';

const scratch = (): { readonly directory: string } & Disposable => {
  const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'refit-path-'));
  return { directory, [Symbol.dispose]: () => fs.rmSync(directory, { recursive: true }) };
};

const refit = (words: readonly string[], { cwd }: { readonly cwd: string }) =>
  new Promise<{ readonly exit: number; readonly stdout: string }>((resolve) => {
    execFile(process.execPath, [REFIT, ...words], { cwd }, (error, stdout) =>
      resolve({ exit: typeof error?.code === 'number' ? error.code : 0, stdout }),
    );
  });

const VERSIONS = ['2.4.6', '2.4.14', '2.5.0', '2.5.15', '2.6.11', '2.7.4', 'nightly', '3.0.0'];

test('refit path answers without a host, for people and for scripts', async () => {
  using made = scratch();
  const catalogue = path.join(made.directory, 'versions.json');
  fs.writeFileSync(catalogue, JSON.stringify(VERSIONS));
  const ask = (from: string, to: string, ...more: readonly string[]) =>
    refit(['path', from, to, '--policy', 'one-minor-at-a-time', '--catalogue', 'versions.json', ...more], {
      cwd: made.directory,
    });

  expect(await ask('2.4.6', '2.7.4')).toMatchObject({
    exit: 0,
    stdout: '2.4.6 → 2.5.15 → 2.6.11 → 2.7.4\nskip-minor: 2.5 lies between 2.4.6 and 2.7.4\n',
  });
  const back = await ask('2.6.11', '2.5.15', '-o', 'json');
  expect(back.exit).toBe(4);
  expect(JSON.parse(back.stdout)).toEqual({
    allowed: false,
    hops: [],
    kind: 'minor-downgrade',
    reason: '2.6.11 to 2.5.15: 2.5.15 is older than 2.6.11',
    nearest: '2.6.11',
  });
  const there = await ask('v2.7.4', '2.7.4', '-o', 'json');
  expect(JSON.parse(there.stdout)).toMatchObject({ allowed: true, hops: [], kind: 'same-version' });
});

test('a directory of releases is a catalogue too', async () => {
  using made = scratch();
  buildReleases({ out: path.join(made.directory, 'releases'), versions: ['v0.2.9', 'v0.2.13'], minimal: true });
  const words = ['path', 'v0.2.9', 'v0.2.13', '--policy', 'semver-drop-in', '--catalogue', 'releases', '-o', 'json'];
  const { exit, stdout } = await refit(words, { cwd: made.directory });
  expect([exit, JSON.parse(stdout)]).toMatchObject([0, { allowed: true, hops: ['0.2.13'], kind: 'patch' }]);
});

test.each([
  ['garbage', '[1, 2]', ['2.4.6', '2.7.4', '--policy', 'none'], 3, 'E_CATALOGUE'],
  ['no JSON', 'versions', ['2.4.6', '2.7.4', '--policy', 'none'], 3, 'E_CATALOGUE'],
  ['an unknown policy', '[]', ['2.4.6', '2.7.4', '--policy', 'hope'], 3, 'E_POLICY'],
  ['an incomplete version', '[]', ['2.4.6', '2.7', '--policy', 'none'], 3, 'E_VERSION_UNPARSABLE'],
  ['a v where the vendor has none', '[]', ['0.45.3', 'v0.45.4', '--policy', 'window'], 3, 'E_VERSION_UNPARSABLE'],
  ['no policy', '[]', ['2.4.6', '2.7.4'], 2, 'E_USAGE'],
  ['one version', '[]', ['2.4.6', '--policy', 'none'], 2, 'E_USAGE'],
])('%s: a coded refusal', async (_, text, words, exit, code) => {
  using made = scratch();
  fs.writeFileSync(path.join(made.directory, 'versions.json'), text);
  const ended = await refit(['path', ...words, '--catalogue', 'versions.json', '-o', 'json'], { cwd: made.directory });
  expect([ended.exit, JSON.parse(ended.stdout).error.code]).toEqual([exit, code]);
});
