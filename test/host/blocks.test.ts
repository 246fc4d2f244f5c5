import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { BLOCK } from '../../src/host/blocks.ts';
import { plainEffects } from '../../src/host/effects.ts';
import { nodeFiles } from '../../src/host/node-files.ts';

const files = nodeFiles(plainEffects);

async function pair(source: Uint8Array, copy: Uint8Array) {
  const at = await mkdtemp(join(tmpdir(), 'refit-test-'));
  onTestFinished(() => rm(at, { recursive: true, force: true }));
  await writeFile(`${at}/source`, source);
  await writeFile(`${at}/copy`, copy);
  return { from: `${at}/source`, to: `${at}/copy` };
}

function digests(data: Uint8Array): Buffer {
  const parts = Array.from({ length: Math.ceil(data.length / BLOCK) }, (_, index) =>
    createHash('sha256')
      .update(data.subarray(index * BLOCK, (index + 1) * BLOCK))
      .digest(),
  );
  return Buffer.concat(parts);
}

/** Mostly alike, and of lengths around the borders of blocks and pages. */
const length = fc
  .tuple(fc.nat(2), fc.nat(2), fc.integer({ min: -2, max: 2 }))
  .map(([blocks, pages, odd]) => Math.max(0, blocks * BLOCK + pages * 4096 + odd));
const version = fc.record({
  length,
  writes: fc.array(fc.record({ at: fc.nat(3 * BLOCK), bytes: fc.nat(9000), with: fc.nat(2) })),
});

function made({ length, writes }: { length: number; writes: readonly { at: number; bytes: number; with: number }[] }) {
  const data = Buffer.alloc(length, 'same');
  for (const { at, bytes, with: value } of writes) data.fill(value, Math.min(at, length), Math.min(at + bytes, length));
  return data;
}

test('one version after the other, the copy is the source, and its digests are those of the source', async () => {
  const { from, to } = await pair(Buffer.alloc(0), Buffer.alloc(0));
  await fc.assert(
    fc.asyncProperty(fc.array(version, { minLength: 1, maxLength: 4 }), fc.boolean(), async (versions, background) => {
      let known: Uint8Array | undefined;
      for (const each of versions) {
        const source = made(each);
        await writeFile(from, source);
        const done = await files.updateBlocks(from, to, { known, background });
        expect((await readFile(to)).equals(source)).toBe(true);
        expect(done.digests).toEqual(digests(source));
        expect(done.digests).toEqual(await files.blockDigests(to));
        known = done.digests;
      }
    }),
    { numRuns: 40 },
  );
}, 60_000);

test('only pages that differ are written, and holes stay holes', async () => {
  const { from, to } = await pair(Buffer.alloc(3 * BLOCK, 'x'), Buffer.alloc(3 * BLOCK, 'x'));
  expect((await files.updateBlocks(from, to)).written).toBe(0);
  await truncate(from, 100 * BLOCK);
  expect((await files.updateBlocks(from, to)).written).toBe(0);
  expect((await stat(to)).size).toBe(100 * BLOCK);
  expect((await stat(to)).blocks * 512).toBeLessThan(4 * BLOCK);
});

test('what is known is believed only of blocks that are the same', async () => {
  const { from, to } = await pair(Buffer.alloc(2 * BLOCK, 'x'), Buffer.alloc(2 * BLOCK, 'y'));
  const known = Buffer.alloc(64, 1);
  expect((await files.updateBlocks(from, to, { known })).digests).toEqual(digests(Buffer.alloc(2 * BLOCK, 'x')));
  expect((await files.updateBlocks(from, to, { known })).digests).toEqual(known);
});

test('a rate is kept to', async () => {
  const { from, to } = await pair(Buffer.alloc(2 * BLOCK), Buffer.alloc(2 * BLOCK));
  const begun = performance.now();
  await files.updateBlocks(from, to, { background: true, bytesPerSecond: 10 * BLOCK });
  expect(performance.now() - begun).toBeGreaterThan(150);
});

test('neither a missing copy nor a link in its place is written', async () => {
  const { from, to } = await pair(Buffer.from('source'), Buffer.from('copy'));
  await expect(files.updateBlocks(from, `${to}-none`)).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  await files.symlink(to, `${to}-link`);
  await expect(files.updateBlocks(from, `${to}-link`)).rejects.toMatchObject({ code: 'E_FILE' });
  expect(await readFile(to, 'utf8')).toBe('copy');
});
