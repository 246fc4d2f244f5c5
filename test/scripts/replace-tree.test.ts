import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { replaceTree } from '../../scripts/replace-tree.ts';
import { scratch } from '../fixtures/scene.ts';

test('a folder holds what it is given and nothing else; what is the same is not touched', () => {
  const folder = path.join(scratch(), 'dist');
  const tree = (texts: Readonly<Record<string, string>>) =>
    new Map(Object.entries(texts).map(([name, text]) => [path.join(folder, name), Buffer.from(text)]));
  const held = () =>
    fs
      .readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => fs.statSync(path.join(folder, name)).isFile())
      .sort();
  const inode = (name: string) => fs.statSync(path.join(folder, name)).ino;

  replaceTree(folder, tree({ 'main.js': 'old', 'chunks/same.js': 'same', 'chunks/gone.js': 'gone' }));
  expect(held()).toEqual(['chunks/gone.js', 'chunks/same.js', 'main.js']);
  const [same, main] = [inode('chunks/same.js'), inode('main.js')];
  replaceTree(folder, tree({ 'main.js': 'new', 'chunks/same.js': 'same', 'profiles/more.yaml': 'more' }));
  expect(held()).toEqual(['chunks/same.js', 'main.js', 'profiles/more.yaml']);
  expect(fs.readFileSync(path.join(folder, 'main.js'), 'utf8')).toBe('new');
  expect([inode('chunks/same.js') === same, inode('main.js') === main]).toEqual([true, false]);
});
