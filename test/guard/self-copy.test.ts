import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { copySelf, pruneCopies } from '../../src/guard/self-copy.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeHost, readIdentity } from '../../src/host/node-host.ts';
import { scratch } from '../fixtures/scene.ts';

const DAY_MS = 86_400_000;

/** A package that runs, a place for copies of it and one for units. */
function scene() {
  const directory = scratch();
  const [root, units, entry] = ['copies', 'units', 'refit/bin/refit.js'].map((name) => path.join(directory, name)) as [
    string,
    string,
    string,
  ];
  for (const one of [units, path.dirname(entry), path.join(directory, 'refit/dist')])
    fs.mkdirSync(one, { recursive: true });
  const main = path.join(directory, 'refit/dist/main.js');
  // A small program stands in for node.
  const program = path.join(directory, 'program');
  fs.writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
  fs.writeFileSync(entry, '');
  fs.writeFileSync(path.join(directory, 'refit/package.json'), '{}');
  fs.writeFileSync(main, 'one');
  const host = nodeHost(plainEffects, { ...readIdentity(), self: [program, entry] });
  const later = { ...host, clock: { ...host.clock, now: () => new Date(Date.now() + DAY_MS) } };
  return { root, units, main, host, later, places: { root, units } };
}

const digests = (root: string): readonly string[] => fs.readdirSync(root).sort();

test('a copy is whole, is named by its contents and is made once; other contents are another copy', async () => {
  const { root, main, host, places } = scene();
  const first = await copySelf(host, 'dockmesh', places);
  const [program, entry] = first.argv;
  const directory = path.dirname(program);
  expect([first.copied, path.dirname(directory), entry]).toEqual([true, root, `${directory}/bin/refit.js`]);
  expect(path.basename(directory)).toMatch(/^[0-9a-f]{64}$/);
  expect(fs.readFileSync(`${directory}/dist/main.js`, 'utf8')).toBe('one');
  expect(fs.statSync(program).mode & 0o777).toBe(0o755);
  const { ino } = fs.statSync(program);
  expect(await copySelf(host, 'dockmesh', places)).toEqual(first);
  expect(fs.statSync(program).ino).toBe(ino);
  fs.writeFileSync(main, 'two');
  expect((await copySelf(host, 'dockmesh', places)).argv).not.toEqual(first.argv);
  expect(digests(root)).toHaveLength(2);
});

test('what a killed copier left is no copy, and goes', async () => {
  const { root, host, places } = scene();
  fs.mkdirSync(`${root}/.staged-dockmesh/dist`, { recursive: true });
  fs.writeFileSync(`${root}/.staged-dockmesh/dist/torn.js`, '');
  const { argv } = await copySelf(host, 'dockmesh', places);
  expect(digests(root)).toEqual([path.basename(path.dirname(argv[0]))]);
  expect(fs.readdirSync(`${path.dirname(argv[0])}/dist`)).toEqual(['main.js']);
});

test('where copies cannot lie, refit is used where it is, and says why', async () => {
  const { units, host } = scene();
  // Nobody makes directories there.
  const copy = await copySelf(host, 'dockmesh', { root: '/sys/refit', units });
  expect(copy).toEqual({ argv: host.identity.self, copied: false, reason: expect.stringContaining('/sys/refit') });
});

test('only old copies that no guard names are removed, and never the one that is kept', async () => {
  const { root, units, main, host, later, places } = scene();
  const copies: string[] = [];
  for (const text of ['kept', 'guarded', 'old']) {
    fs.writeFileSync(main, text);
    copies.push((await copySelf(host, 'dockmesh', places)).argv[0]);
  }
  const [kept = '', guarded = '', old = ''] = copies;
  fs.writeFileSync(`${units}/refit-guard-other.service`, `ExecStart=-"systemd-run" "--" "${guarded}"\n`);
  fs.writeFileSync(`${units}/other.service`, `ExecStart="${old}"\n`);
  await pruneCopies(host, kept, places);
  expect(digests(root)).toHaveLength(3);
  await pruneCopies(later, kept, places);
  expect([kept, guarded, old].map((one) => fs.existsSync(one))).toEqual([true, true, false]);
});

test('without copies there is nothing to remove', async () => {
  const { later, root, places } = scene();
  await pruneCopies(later, '', places);
  expect(fs.existsSync(root)).toBe(false);
});
