import { spawnSync } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { sweepTemporaries, temporaryBeside } from '../../src/host/temporary.ts';
import { scratch } from './scratch.ts';

test('a temporary name lies beside, is new each time, and fits however long the name is', () => {
  const path = join('/some/where', 'n'.repeat(255));
  expect(dirname(temporaryBeside(path))).toBe('/some/where');
  expect(temporaryBeside(path)).not.toBe(temporaryBeside(path));
  expect(basename(temporaryBeside(path)).length).toBeLessThan(255);
});

test('what a dead writer left is swept; what is alive or not ours stays', async () => {
  const at = scratch();
  const { pid } = spawnSync('true');
  const mine = basename(temporaryBeside(join(at, 'f')));
  const kept = [mine, '.refit-tmp-', '.refit-tmp-x', '.refit-01J', 'f'];
  for (const name of [...kept, `.refit-tmp-${pid}-00`]) writeFileSync(join(at, name), '');
  await sweepTemporaries(at);
  expect(readdirSync(at).sort()).toEqual(kept.sort());
});
