import fs from 'node:fs';
import { expect, test } from 'vitest';
import { archiveFile } from '../../../src/runbook/backups/names.ts';
import type { Facts } from '../../../src/runbook/facts.ts';
import { dieAfter, Killed, listing } from '../../data/workbench.ts';
import { effectsIn, voyage } from '../voyage.ts';
import { bench, planned } from '../workbench.ts';

/** A run that would go back to an archive whose folder is gone. */
async function goingBack() {
  const one = await bench();
  const before = await voyage(one, (await planned(one)).plan);
  await before.forward('copy-data');
  const { generations } = before.facts;
  const root = `${generations}/${before.id}`;
  const file = archiveFile(generations, before.id, 'zstd');
  const { archives } = await before.world();
  const { sha256 } = await archives.make({ id: before.id, root }, file);
  const kept = listing(`${root}/tree`);
  fs.rmSync(root, { recursive: true });
  const target: Facts['target'] = {
    kind: 'generation',
    version: 'v0.2.9',
    root,
    run: before.id,
    archive: { ...file, sha256 },
  };
  const run = await voyage(one, { ...before.plan, purpose: 'rollback' }, { target });
  await run.begin('unpack-archive');
  return { run, root, file, kept, shelf: () => fs.readdirSync(generations).sort() };
}

test('killed after any effect, the next worker has the folder as it was; both ways it goes again, and the archive stays', async () => {
  const { run, root, kept, shelf, file } = await goingBack();
  const all = await effectsIn((effects) => run.change('unpack-archive', effects));
  expect(listing(`${root}/tree`)).toEqual(kept);
  for (let count = 0; count < all; count += 1) {
    await run.revert('unpack-archive');
    expect(shelf()).toEqual([`${run.facts.target.kind === 'generation' ? run.facts.target.run : ''}.tar.zst`]);
    await expect(run.change('unpack-archive', dieAfter(count))).rejects.toThrow(Killed);
    await run.change('unpack-archive');
    expect(listing(`${root}/tree`)).toEqual(kept);
  }
  await run.discard('unpack-archive');
  expect(shelf()).toHaveLength(1);
  expect(fs.existsSync(file.path)).toBe(true);
}, 120_000);

test('an archive that somebody changed is refused, and leaves nothing', async () => {
  const { run, shelf, file } = await goingBack();
  fs.appendFileSync(file.path, Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x20, 0, 1, 0, 0]));
  await expect(run.change('unpack-archive')).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  expect(shelf()).toHaveLength(1);
});
