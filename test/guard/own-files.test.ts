import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ownFiles } from '../../src/guard/own-files.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';
import { scratch } from '../fixtures/scene.ts';

const ownOf = (...self: [string, ...string[]]) => {
  const { files, identity } = nodeHost(plainEffects, readIdentity());
  return ownFiles({ files, identity: { ...identity, self } });
};

/** An installed package: an entry, a manifest and a bundle, with its program in a directory of links. */
function installed(bundle = true): { readonly root: string; readonly link: string } {
  const root = path.join(scratch(), 'refit');
  fs.mkdirSync(path.join(root, 'bin'), { recursive: true });
  fs.writeFileSync(path.join(root, 'bin/refit.js'), '');
  fs.writeFileSync(path.join(root, 'package.json'), '{}');
  if (bundle) fs.mkdirSync(path.join(root, 'dist/chunks'), { recursive: true });
  if (bundle) fs.writeFileSync(path.join(root, 'dist/main.js'), '');
  if (bundle) fs.writeFileSync(path.join(root, 'dist/chunks/a.js'), '');
  const link = path.join(path.dirname(root), 'link');
  fs.symlinkSync(path.join(root, 'bin/refit.js'), link);
  return { root, link };
}

test('of a package: node, the entry and the whole bundle, also through a link', async () => {
  const { root, link } = installed();
  const own = await ownOf(process.execPath, '--no-warnings', link);
  expect(own?.files.map(({ to, mode }) => [to, mode])).toEqual([
    ['node', 0o755],
    ['bin/refit.js', 0o755],
    ['package.json', 0o644],
    ['dist/chunks/a.js', 0o644],
    ['dist/main.js', 0o644],
  ]);
  expect(own?.files.at(-1)?.from).toBe(`${root}/dist/main.js`);
  expect(own?.argv('/copy')).toEqual(['/copy/node', '--no-warnings', '/copy/bin/refit.js']);
});

test('of a single executable: itself', async () => {
  const own = await ownOf(process.execPath);
  expect(own?.files).toEqual([{ from: fs.realpathSync(process.execPath), to: 'refit', mode: 0o755 }]);
  expect(own?.argv('/copy')).toEqual(['/copy/refit']);
});

test('of sources: nothing', async () => {
  expect(await ownOf(process.execPath, installed(false).link)).toBeUndefined();
  expect(await ownOf(process.execPath, import.meta.filename)).toBeUndefined();
});
