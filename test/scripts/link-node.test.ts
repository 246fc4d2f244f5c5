import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { scratch } from '../fixtures/scene.ts';

const PROGRAM = path.resolve(import.meta.dirname, '../../scripts/link-node.mjs');

test('the link leads to the pinned Node; one that does already is not touched', () => {
  const root = scratch();
  const program = path.join(root, 'scripts/link-node.mjs');
  const pinned = path.join(root, 'tools/node/node_modules', `node-${process.platform}-${process.arch}`, 'bin/node');
  const bin = path.join(root, 'node_modules/.bin');
  const link = path.join(bin, 'node');
  fs.mkdirSync(path.dirname(program));
  fs.copyFileSync(PROGRAM, program);
  const run = () => execFileSync(process.execPath, [program]);
  run();
  expect(fs.existsSync(bin)).toBe(false);

  fs.mkdirSync(path.dirname(pinned), { recursive: true });
  fs.writeFileSync(pinned, 'the pinned one');
  run();
  expect(fs.readFileSync(link, 'utf8')).toBe('the pinned one');
  const { ino } = fs.lstatSync(link);
  run();
  expect(fs.lstatSync(link).ino).toBe(ino);

  fs.rmSync(link);
  fs.symlinkSync('/nonexistent', link);
  run();
  expect(fs.readFileSync(link, 'utf8')).toBe('the pinned one');
  expect(fs.readdirSync(bin)).toEqual(['node']);
});
