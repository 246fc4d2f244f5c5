import { expect, test } from 'vitest';
import { archiveFiles, keptAs, listPath, scratchOf } from '../../../src/runbook/backups/names.ts';

const ID = '01J8ZQ5H3K7M9N0P1Q2R3S4T5V';

test.each([
  ['', 'generation'],
  ['-displaced', 'displaced'],
  ['-before-rollback', 'displaced'],
  ['.tar.zst', 'archive'],
  ['.tar.gz', 'archive'],
  ['.tar.zst.json', 'list'],
  ['.tar.zst.part', 'left'],
  ['.verify', 'left'],
  ['.unpacking', 'left'],
])('%j is a %s', (rest, kind) => {
  expect(keptAs(`${ID}${rest}`)).toEqual({ name: `${ID}${rest}`, run: ID, kind });
});

test.each(['notes.txt', 'lost+found', '.refit-tmp-1-ab', ID.slice(1), ID.toLowerCase()])('%s is not ours', (name) => {
  expect(keptAs(name)).toBeUndefined();
});

test('what is written there is known again', () => {
  const paths = archiveFiles('/g', ID).flatMap((file) => [file.path, listPath(file)]);
  const scratch = Object.values(scratchOf('/g', ID));
  expect([...paths, ...scratch].map((path) => keptAs(path.slice(3))?.kind)).toEqual([
    'archive',
    'list',
    'archive',
    'list',
    'left',
    'left',
  ]);
});
