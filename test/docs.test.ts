import fs from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { CATALOG, EXIT } from '../src/errors.ts';

const root = path.resolve(import.meta.dirname, '..');
const read = (file: string): string => fs.readFileSync(path.join(root, file), 'utf8');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

const pages = fs
  .globSync('**/*.md', { cwd: root, exclude: (name) => /(^|\/)(node_modules|dist|build|\.git)$/.test(name) })
  .sort();

/** As GitHub makes them: lower case, punctuation dropped, each space a hyphen. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-');

const withoutCode = (text: string): string => text.replace(/^```.*?^```/gms, '').replace(/`[^`\n]*`/g, '');

const anchors = (text: string): string[] =>
  [...text.replace(/^```.*?^```/gms, '').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading));

test('the pages a user looks for are there', () => {
  expect(pages).toEqual(expect.arrayContaining(['CHANGELOG.md', 'CONTRIBUTING.md', 'README.md']));
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  test('links to places that exist', () => {
    const targets = [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
    const broken = targets.filter((target) => {
      if (/^[a-z]+:/.test(target)) return false;
      const [file = '', anchor] = target.split('#');
      const to = file === '' ? page : path.join(path.dirname(page), file);
      if (!fs.existsSync(path.join(root, to))) return true;
      return anchor !== undefined && !anchors(read(to)).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names only npm scripts that exist', () => {
    const named = [...text.matchAll(/npm run (?:-s )?([a-z]+(?::[a-z]+)*)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('names only error codes that exist', () => {
    const named = [...text.matchAll(/\bE_[A-Z]+(?:_[A-Z]+)*\b/g)].map(([code]) => code);
    expect(named.filter((code) => !(code in CATALOG))).toEqual([]);
  });
});

test('the README tells every exit code', () => {
  const readme = read('README.md');
  for (const code of Object.values(EXIT)) expect(readme).toMatch(new RegExp(`^\\|[^|]*\\b${code}\\b`, 'm'));
});
