import { expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { builtinProfile } from '../../src/product/builtin.ts';
import { notesFor } from '../../src/runbook/notes.ts';
import type { Releases } from '../../src/runbook/releases.ts';

const NOTES = [{ tag: 'v1.0.0', text: 'breaking', actions: ['breaking'] }];
const crossing = { from: 'v0.9.0', to: 'v1.0.0' };

async function notesBy(notes: Releases['notes'], wish: { source?: string; tarball?: string } = {}) {
  const releases = { notes } as Releases;
  const { source, tarball } = wish;
  return notesFor({ releases }, { source, tarball }, await builtinProfile('dockmesh.yaml'), crossing);
}

test('what the source says, of the way that is gone', async () => {
  const asked: unknown[] = [];
  const notes = await notesBy(
    async (...all) => {
      asked.push(...all);
      return NOTES;
    },
    { source: '/srv/releases' },
  );
  expect(notes).toEqual(NOTES);
  expect(asked).toEqual([{ from: '/srv/releases', repository: 'dockmesh/dockmesh' }, crossing]);
});

test.each<[string, Releases['notes']]>([
  ['nothing', async () => []],
  ['a refusal', () => Promise.reject(new RefitError('E_SOURCE_UNREACHABLE', 'Cannot list'))],
])('%s: the plan is made without', async (_what, notes) => {
  expect(await notesBy(notes)).toBeUndefined();
});

test('a bug stays one, and a tarball is asked nothing', async () => {
  const notes = () => Promise.reject(new Error('internal'));
  await expect(notesBy(notes)).rejects.toThrow('internal');
  expect(await notesBy(notes, { tarball: '/a.tar.gz' })).toBeUndefined();
});
