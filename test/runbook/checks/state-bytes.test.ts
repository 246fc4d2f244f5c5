import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { stateBytes } from '../../../src/runbook/checks/state-bytes.ts';
import type { Facts, TargetFacts } from '../../../src/runbook/facts.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../fixtures/scene.ts';
import { dockmeshFacts } from '../facts.ts';

const { files } = realHost();
const facts = await dockmeshFacts();
const TEN = () => 10;

function released(sizes: readonly (number | undefined)[]): Extract<TargetFacts, { kind: 'release' }> {
  const { target } = facts;
  if (target.kind !== 'release') throw new Error('no release');
  const [first] = target.archives;
  if (first === undefined) throw new Error('no archive');
  return { ...target, archives: sizes.map((size) => ({ ...first, asset: { ...first.asset, size } })) };
}

test.each<[string, Partial<Facts>, number]>([
  ['archives are as large as the source says', { target: released([500, 70]) }, 570],
  [
    'where it does not say, as what is unpacked from them',
    { target: released([undefined]) },
    10 * facts.files.filter(({ archive }) => archive === released([1]).archives[0]?.asset.name).length,
  ],
  ['a rollback downloads nothing', { target: { kind: 'generation', version: 'v1', root: '/g', run: 'R' } }, 0],
])('%s', async (_name, more, bytes) => {
  expect(await stateBytes(files, { ...facts, database: undefined, ...more }, TEN)).toBe(bytes);
});

test('the database counts with the log in front of it; one that is not there yet is nothing', async () => {
  const database = { path: path.join(scratch(), 'app.db'), table: 't', column: 'c' };
  const wanted = { ...facts, target: released([500]), database };
  expect(await stateBytes(files, wanted, TEN)).toBe(500);
  fs.writeFileSync(database.path, 'x'.repeat(40));
  fs.writeFileSync(`${database.path}-wal`, 'x'.repeat(2));
  expect(await stateBytes(files, wanted, TEN)).toBe(542);
});
