import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { copiesToMake } from '../../../src/runbook/crossings/copies.ts';
import { scratch } from '../../fixtures/scene.ts';
import { bench } from '../workbench.ts';

const { workshop, found } = await bench({ shared: true });

const [uid = 0, gid = 0] = [process.getuid?.(), process.getgid?.()];

/** Two places with these files in them, and what of copying `name` from the one to the other there is to do. */
async function toMake(files: Readonly<Record<string, string>>, name = 'ca.key', owner = { uid, gid, whose: 'me:us' }) {
  const directory = scratch();
  for (const [file, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    fs.writeFileSync(path.join(directory, file), text, { mode: 0o400 });
  }
  const pair = { from: path.join(directory, 'old', name), to: path.join(directory, 'new', name) };
  const copies = await copiesToMake(workshop, found, [pair], owner);
  return copies.map(({ from, to, ...rest }) => ({ ...rest, same: from === pair.from && to === pair.to }));
}

test.each([
  ['is not there', {}, []],
  ['is where it belongs, the very same', { 'old/ca.key': 'a', 'new/ca.key': 'a' }, []],
  ['is missing at the new place', { 'old/ca.key': 'a' }, [{ replaces: false }]],
  ['is another at the new place', { 'old/ca.key': 'a', 'new/ca.key': 'b' }, [{ replaces: true }]],
])('a file that %s', async (_what, files, expected) => {
  const dress = { mode: 0o400, uid, gid };
  expect(await toMake(files)).toEqual(expected.map((each) => ({ ...each, dress, whose: 'me:us', same: true })));
});

test('the same file with another owner than the service is made anew, and replaces nothing', async () => {
  const files = { 'old/ca.key': 'a', 'new/ca.key': 'a' };
  expect(await toMake(files, 'ca.key', { uid: uid + 1, gid, whose: 'other:us' })).toEqual([
    { dress: { mode: 0o400, uid: uid + 1, gid }, whose: 'other:us', replaces: false, same: true },
  ]);
});

test('a folder is copied as it is, and only where nothing is', async () => {
  expect(await toMake({ 'old/keys/a': '1' }, 'keys')).toEqual([{ replaces: false, same: true }]);
  expect(await toMake({ 'old/keys/a': '1', 'new/keys/b': '2' }, 'keys')).toEqual([]);
});
