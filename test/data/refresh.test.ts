import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, open, readFile, rename, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { expect, onTestFinished, test } from 'vitest';
import { gnuData } from '../../src/data/gnu-data.ts';
import { LARGE_BYTES } from '../../src/data/large.ts';
import { CHANGES, everything, furnishedPlace, heldStill, place } from './moving.ts';
import { atEveryKill, realHost } from './workbench.ts';

const host = realHost();
const data = gnuData(host);
const MIB = 1024 * 1024;
const SIZE = LARGE_BYTES + 2 * MIB + 17;

/** Older than any tick of the clock, or it is not believed that it has not changed. */
const settle = () => host.clock.sleep(20);

async function writeAt(path: string, at: number, bytes: Uint8Array | string): Promise<void> {
  const handle = await open(path, 'r+');
  await handle.write(Buffer.from(bytes), 0, undefined, at);
  await handle.close();
}

test.each(CHANGES)('before a refresh: %s', async (_, change) => {
  const { source, copy, items, generation } = await furnishedPlace();
  const hot = await data.copyHot(items, generation);
  await change(source);
  await settle();
  await hot.refresh();
  const { manifestSha256, again } = await hot.finish();
  // Two files have names that are no strings, which no child can hand on with a digest.
  expect(again.bytes).toBeLessThanOrEqual(2 * 3);
  expect(everything(copy)).toEqual(everything(source));
  await data.verify(generation, manifestSha256);
  expect(await data.differences(items, generation)).toEqual([]);
});

/** A directory with one large file of noise in it. */
async function largePlace() {
  const made = await place();
  const path = `${made.source}/sub/large`;
  await writeFile(path, crypto.getRandomValues(Buffer.alloc(65_536)).toString('latin1').repeat(512), 'latin1');
  await truncate(path, SIZE);
  await settle();
  return { ...made, path, kept: `${made.copy}/sub/large` };
}

/** What happens to it, and how many bytes differ then at most. */
const LARGE: readonly (readonly [string, number, (path: string) => Promise<unknown>])[] = [
  ['nothing', 0, async () => undefined],
  ['is written to in its middle', 8192, (path) => writeAt(path, 3 * MIB + 5, 'new')],
  ['is written to at a border of blocks', 8192, (path) => writeAt(path, 4 * MIB - 2, 'four')],
  ['grows', 4096 + 3 * MIB, (path) => appendFile(path, Buffer.alloc(3 * MIB, 'x'))],
  ['grows by a hole', 0, (path) => truncate(path, SIZE + 64 * MIB)],
  [
    'grows by a hole with something in it',
    4096,
    async (path) => {
      await truncate(path, SIZE + 64 * MIB);
      await writeAt(path, SIZE + 30 * MIB, 'in it');
    },
  ],
  ['shrinks', 0, (path) => truncate(path, LARGE_BYTES + 5)],
  [
    'shrinks and grows again',
    2 * MIB + 4096,
    async (path) => {
      await truncate(path, LARGE_BYTES + 5);
      await truncate(path, SIZE);
    },
  ],
  [
    'is replaced by one of the same content',
    0,
    async (path) => {
      await writeFile(`${path}.new`, await readFile(path));
      await rename(`${path}.new`, path);
    },
  ],
];

async function expectSame({ source, copy, items, generation, path, kept }: Awaited<ReturnType<typeof largePlace>>) {
  expect(everything(copy)).toEqual(everything(source));
  const [of, by] = await Promise.all([stat(path), stat(kept)]);
  expect(by.blocks).toBeLessThanOrEqual(of.blocks + 2 * (MIB / 512));
  expect(await data.differences(items, generation)).toEqual([]);
}

test.each(LARGE)('a large file %s in the window: only what differs is written', async (_, most, change) => {
  const made = await largePlace();
  const { items, generation, path } = made;
  const hot = await data.copyHot(items, generation);
  await change(path);
  const { manifestSha256, again } = await hot.finish();
  expect(again.bytes).toBeLessThanOrEqual(most);
  await expectSame(made);
  await data.verify(generation, manifestSha256);
});

test.each(LARGE)('a large file %s before a refresh, and again before the stop', async (_, most, change) => {
  const made = await largePlace();
  const { items, generation, path } = made;
  const hot = await data.copyHot(items, generation);
  await change(path);
  await settle();
  await hot.refresh();
  await writeAt(path, 7 * MIB, 'late');
  const { manifestSha256, again, refreshed } = await hot.finish();
  expect(refreshed.bytes).toBeLessThanOrEqual(most);
  expect(again).toEqual({ bytes: 4096, files: 1 });
  await expectSame(made);
  await data.verify(generation, manifestSha256);
});

test('a large file that changes while it is refreshed is not taken for the copied one', async () => {
  const made = await largePlace();
  const { items, generation, path } = made;
  let count = 0;
  const busy = realHost({
    async run(effect, act) {
      const result = await act(() => undefined);
      if (!effect.label.startsWith('update the blocks of')) return result;
      count += 1;
      await writeAt(path, 5 * MIB, `while ${count}`);
      return result;
    },
  });
  const hot = await gnuData(busy).copyHot(items, generation);
  await hot.refresh();
  await writeAt(path, 9 * MIB, 'after');
  expect(count).toBeGreaterThan(1);
  // It is written to in the window too: that is found, and refused.
  await expect(hot.finish()).rejects.toMatchObject({ code: 'E_DATA_CHANGED' });
  expect(await host.files.list(generation.root)).toEqual([]);
});

test('a copy that a flipped byte is in is not proven by its blocks', async () => {
  const { items, generation, path, kept } = await largePlace();
  const hot = await data.copyHot(items, generation);
  await writeAt(path, 5 * MIB, 'new');
  const { manifestSha256 } = await hot.finish();
  const { atime, mtime } = await stat(kept);
  await writeAt(kept, 6 * MIB, 'flipped');
  execFileSync('touch', ['-d', `@${mtime.getTime() / 1000}`, kept]);
  expect(atime).toBeDefined();
  await expect(data.verify(generation, manifestSha256)).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
});

test('what was updated by blocks is put back', async () => {
  const { items, generation, path, source, dir } = await largePlace();
  const hot = await data.copyHot(items, generation);
  await writeAt(path, 5 * MIB, 'new');
  await hot.finish();
  const then = everything(source);
  await writeAt(path, 5 * MIB, 'not');
  await data.putBack(items, generation, { run: 'r', displaced: `${dir}/displaced` });
  expect(everything(source)).toEqual(then);
  const { displaced } = await data.putBack(items, generation, { run: 'r2', displaced: `${dir}/displaced` });
  expect(displaced).toEqual([]);
});

test('what is in use while it is refreshed is no error, and the copy is that of what was left', async () => {
  const { source, copy, items, generation } = await place();
  const script = `const fs = require('node:fs');
    const at = process.argv[1];
    fs.writeFileSync(at + '/large', Buffer.alloc(${SIZE}, 'x'));
    const large = fs.openSync(at + '/large', 'r+');
    console.log('ready');
    for (let n = 0; ; n = (n + 7) % 300) {
      const [a, b] = [at + '/t' + n, at + '/u' + n];
      fs.rmSync(b, { recursive: true, force: true });
      if (fs.existsSync(a)) fs.renameSync(a, b);
      if (n % 2) fs.writeFileSync(a, 'x'.repeat(n)); else { fs.mkdirSync(a); fs.writeFileSync(a + '/f', 'y'); }
      fs.writeSync(large, String(n), n * 30000);
      if (n % 50 === 0) fs.ftruncateSync(large, ${SIZE} - n * 5000);
    }`;
  const writer = spawn(process.execPath, ['-e', script, source], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void writer.kill('SIGKILL'));
  await once(writer.stdout, 'data');
  for (let round = 0; round < 3; round += 1) {
    const hot = await data.copyHot(items, generation);
    await hot.refresh(2);
    await heldStill(writer);
    await hot.finish();
    expect(everything(copy)).toEqual(everything(source));
    await data.verify(generation);
    writer.kill('SIGCONT');
  }
}, 120_000);

test.each(['refreshed', 'stopped'])(
  'a disk that is full in a block while the data is %s leaves nothing in the way',
  async (phase) => {
    const { items, generation, path } = await largePlace();
    let isReady = false;
    const full = realHost({
      run: (effect, act) =>
        act(() => {
          const fails = isReady && effect.label.startsWith('update the blocks of');
          if (fails) throw Object.assign(new Error('no space'), { code: 'ENOSPC' });
        }),
    });
    const hot = await gnuData(full).copyHot(items, generation);
    await writeAt(path, 5 * MIB, 'new');
    isReady = true;
    const going = phase === 'refreshed' ? hot.refresh() : hot.finish();
    await expect(going).rejects.toMatchObject({ code: 'E_NO_SPACE' });
    expect(await host.files.list(generation.root)).toEqual([]);
    await expect(hot.finish()).rejects.toThrow('ended');
    await data.copy(items, generation);
  },
);

test('whenever it is killed, between the passes too, there is either a whole copy or none', async () => {
  const { source, items, generation, path } = await largePlace();
  let [absent, whole] = [0, 0];
  await atEveryKill(
    async (mortal, attempt) => {
      const hot = await gnuData(mortal).copyHot(items, generation);
      await writeAt(path, 3 * MIB, `first ${attempt}`);
      await writeFile(`${source}/sub/new-${attempt}`, 'x');
      await rm(`${source}/sub/new-${attempt - 1}`, { force: true });
      await hot.refresh(1);
      await writeAt(path, 5 * MIB, `then ${attempt}`);
      await hot.finish();
    },
    async () => {
      const found = await host.files.stat(`${generation.root}/manifest.json`);
      if (found === undefined) absent += 1;
      else await data.verify(generation).then(() => (whole += 1));
    },
  );
  expect(absent).toBeGreaterThan(16);
  expect(whole).toBeGreaterThan(0);
}, 60_000);
