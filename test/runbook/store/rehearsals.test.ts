import fs from 'node:fs';
import { expect, test } from 'vitest';
import { storePaths } from '../../../src/runbook/store/paths.ts';
import { clearRehearsals } from '../../../src/runbook/store/rehearsals.ts';
import { realHost } from '../../data/workbench.ts';
import { scratch } from '../../host/scratch.ts';

test('the jobs of each rehearsal that was killed are ended before its scratch goes; where none was, nothing is asked', async () => {
  const store = storePaths(scratch(), 'sample');
  const ended: string[] = [];
  const sandbox = {
    clear: async (id: string) => {
      expect(fs.existsSync(`${store.rehearsals}/${id}/scratch`)).toBe(true);
      ended.push(id);
    },
  };
  await clearRehearsals(realHost(), sandbox, store);
  expect(ended).toEqual([]);
  for (const id of ['one', 'two']) fs.mkdirSync(`${store.rehearsals}/${id}/scratch`, { recursive: true });
  await clearRehearsals(realHost(), sandbox, store);
  expect(ended).toEqual(['one', 'two']);
  expect(fs.existsSync(store.rehearsals)).toBe(false);
});
