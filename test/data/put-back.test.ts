import { mkdir, readFile, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DataItem, PutBackOptions } from '../../src/data/data.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { atEveryKill, listing, realHost, scratch } from './workbench.ts';

const host = realHost();
const data = gnuData(host);
const OPTIONS = (dir: string) => ({ run: 'RUN', displaced: `${dir}/displaced` });

test('a database is put back without the log of the newer one, which is kept', async () => {
  const dir = await scratch();
  await writeFile(`${dir}/app.db`, 'old');
  const items: DataItem[] = [{ path: `${dir}/app.db`, kind: 'database' }];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  for (const [name, text] of [
    ['app.db', 'new'],
    ['app.db-wal', 'newer'],
    ['app.db-shm', 'newer'],
  ] as const)
    await writeFile(`${dir}/${name}`, text);
  const { displaced } = await data.putBack(items, generation, OPTIONS(dir));
  expect((await host.files.list(dir)).filter((name) => name.startsWith('app'))).toEqual(['app.db']);
  expect(await readFile(`${dir}/app.db`, 'utf8')).toBe('old');
  expect(displaced).toEqual([`${dir}/displaced${dir}`]);
  expect(await host.files.list(displaced[0] ?? '')).toEqual(['app.db', 'app.db-shm', 'app.db-wal']);
});

test('what was absent is absent again, what was left alone is as it is now', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data/volume`, { recursive: true });
  const items: DataItem[] = [
    { path: `${dir}/data`, kind: 'directory', exclude: ['volume'] },
    { path: `${dir}/key`, kind: 'file' },
    { path: `${dir}/made`, kind: 'directory' },
  ];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await mkdir(`${dir}/made`);
  for (const name of ['key', 'made/x', 'data/x', 'data/volume/x']) await writeFile(`${dir}/${name}`, 'new');
  await data.putBack(items, generation, OPTIONS(dir));
  expect(await host.files.list(dir)).toEqual(['data', 'displaced', 'g']);
  expect(await host.files.list(`${dir}/data`)).toEqual(['volume']);
  expect(await readFile(`${dir}/data/volume/x`, 'utf8')).toBe('new');
});

test('the link in front of the data stays, and one that leads elsewhere by now is refused', async () => {
  const dir = await scratch();
  for (const disk of ['disk', 'other']) await mkdir(`${dir}/${disk}`);
  await symlink('disk', `${dir}/link`);
  await writeFile(`${dir}/disk/file`, 'old');
  const items: DataItem[] = [{ path: `${dir}/link`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await writeFile(`${dir}/disk/file`, 'new');
  await data.putBack(items, generation, OPTIONS(dir));
  expect(await readFile(`${dir}/link/file`, 'utf8')).toBe('old');
  await rm(`${dir}/link`);
  await symlink('other', `${dir}/link`);
  const again = data.putBack(items, generation, OPTIONS(dir));
  await expect(again).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
});

test('a damaged copy moves nothing', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, 'old');
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await writeFile(`${dir}/g/tree${dir}/data/file`, 'bad');
  await writeFile(`${dir}/data/file`, 'new');
  const putting = data.putBack(items, generation, OPTIONS(dir));
  await expect(putting).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  expect(await readFile(`${dir}/data/file`, 'utf8')).toBe('new');
  expect(await host.files.list(`${dir}/data`)).toEqual(['file']);
});

test('staged before, it only has to be moved in; live is untouched until then', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, 'old');
  const items: DataItem[] = [
    { path: `${dir}/data`, kind: 'directory' },
    { path: `${dir}/gone`, kind: 'directory' },
  ];
  await mkdir(`${dir}/gone`);
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await rm(`${dir}/gone`, { recursive: true });
  await writeFile(`${dir}/data/file`, 'new');
  await data.stagePutBack(items, generation, OPTIONS(dir));
  await data.stagePutBack(items, generation, OPTIONS(dir));
  expect(await readFile(`${dir}/data/file`, 'utf8')).toBe('new');
  expect(await host.files.stat(`${dir}/gone`)).toBeUndefined();
  // What is written after the staging is displaced like the rest.
  await writeFile(`${dir}/data/late`, 'late');
  // Proven when it was staged: the generation is not read again for it.
  await rm(`${dir}/g/tree${dir}/data/file`);
  const { displaced } = await data.putBack(items, generation, OPTIONS(dir));
  expect(await readFile(`${dir}/data/file`, 'utf8')).toBe('old');
  expect(await host.files.stat(`${dir}/gone`)).toMatchObject({ type: 'directory' });
  expect(await host.files.list(`${displaced[0]}`)).toEqual(['file', 'late']);
  expect(await host.files.list(`${dir}/data`)).toEqual(['file']);
});

test('what is as it was is not staged, and so not displaced', async () => {
  const dir = await scratch();
  for (const name of ['same', 'changed']) {
    await mkdir(`${dir}/${name}`);
    await writeFile(`${dir}/${name}/file`, 'old');
  }
  const items: DataItem[] = ['same', 'changed'].map((name) => ({ path: `${dir}/${name}`, kind: 'directory' }));
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await writeFile(`${dir}/changed/file`, 'new');
  await data.stagePutBack(items, generation, OPTIONS(dir));
  expect(await host.files.list(`${dir}/same`)).toEqual(['file']);
  const { displaced } = await data.putBack(items, generation, OPTIONS(dir));
  expect(displaced).toEqual([`${dir}/displaced${dir}/changed`]);
});

test('a damaged generation is met when it is staged, and nothing is left of that', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, 'old');
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await writeFile(`${dir}/data/file`, 'new');
  await writeFile(`${dir}/g/tree${dir}/data/file`, 'bad');
  const staging = data.stagePutBack(items, generation, OPTIONS(dir));
  await expect(staging).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  expect(await host.files.list(`${dir}/data`)).toEqual(['file']);
});

test('killed after any effect, a second call ends with exactly the copy, and nothing of ours is left', async () => {
  const items = (dir: string): DataItem[] => [
    { path: `${dir}/data`, kind: 'directory', exclude: ['volume'] },
    { path: `${dir}/app.db`, kind: 'database' },
  ];
  let dir = '';
  let before: readonly string[] = [];
  const wanted = () => [...listing(`${dir}/data`), ...listing(`${dir}/app.db`)];
  const effects = await atEveryKill(
    async (mortal) => {
      dir = await scratch();
      await mkdir(`${dir}/data/sub`, { recursive: true });
      for (const name of ['data/a', 'data/sub/b', 'app.db']) await writeFile(`${dir}/${name}`, 'old');
      await utimes(`${dir}/data`, 1, 1.5);
      before = wanted();
      await data.copy(items(dir), { id: 'g', root: `${dir}/g` });
      await rm(`${dir}/data/sub`, { recursive: true });
      for (const name of ['data/a', 'data/c', 'app.db', 'app.db-wal']) await writeFile(`${dir}/${name}`, 'new');
      await gnuData(mortal).stagePutBack(items(dir), { id: 'g', root: `${dir}/g` }, OPTIONS(dir));
      await gnuData(mortal).putBack(items(dir), { id: 'g', root: `${dir}/g` }, OPTIONS(dir));
    },
    async () => {
      await data.putBack(items(dir), { id: 'g', root: `${dir}/g` }, OPTIONS(dir));
      expect(wanted()).toEqual(before);
      expect(await host.files.list(dir)).toEqual(['app.db', 'data', 'displaced', 'g']);
      const kept = listing(`${dir}/displaced`).filter((line) => line.includes('|f|'));
      expect(kept.length).toBeGreaterThanOrEqual(4);
    },
  );
  expect(effects).toBeGreaterThan(15);
}, 120_000);

test.each([
  ['not begun to enter', 'ready', ['a'], ['b']],
  ['half entered', 'entering', ['a'], ['b']],
])('killed inside mv, with entries %s', async (_, phase, moved, left) => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  for (const name of ['a', 'b']) await writeFile(`${dir}/data/${name}`, 'old');
  const before = listing(`${dir}/data`);
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  await data.copy(items, { id: 'g', root: `${dir}/g` });
  const staged = `${dir}/data/.refit-RUN/data-0-${phase}`;
  await host.files.makeDirectory(staged, { mode: 0o700 });
  await host.commands.must(['cp', '-a', `${dir}/data/a`, `${dir}/data/b`, staged], { timeoutMs: 10_000 });
  for (const name of ['a', 'b']) await writeFile(`${dir}/data/${name}`, 'new');
  const kept = `${dir}/displaced${dir}/data`;
  await mkdir(kept, { recursive: true });
  if (phase === 'ready') for (const name of moved) await rename(`${dir}/data/${name}`, `${kept}/${name}`);
  else {
    for (const name of [...moved, ...left]) await rename(`${dir}/data/${name}`, `${kept}/${name}`);
    for (const name of moved) await rename(`${staged}/${name}`, `${dir}/data/${name}`);
  }
  await data.putBack(items, { id: 'g', root: `${dir}/g` }, OPTIONS(dir));
  expect(listing(`${dir}/data`)).toEqual(before);
  expect(await readFile(`${kept}/a`, 'utf8')).toBe('new');
  expect(await readFile(`${kept}/b`, 'utf8')).toBe('new');
});

test('a stranger who writes there meanwhile is named; the next call begins anew and keeps what he wrote', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, 'old');
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  await writeFile(`${dir}/data/file`, 'new');
  const disturbed = realHost({
    async run(effect, act) {
      const result = await act(() => undefined);
      if (effect.label.includes('data-0-entering') && effect.label.startsWith('rename'))
        await writeFile(`${dir}/data/file`, 'stranger');
      return result;
    },
  });
  const putting = gnuData(disturbed).putBack(items, generation, OPTIONS(dir));
  await expect(putting).rejects.toMatchObject({ code: 'E_WORLD_CHANGED' });
  await data.putBack(items, generation, OPTIONS(dir));
  expect(await readFile(`${dir}/data/file`, 'utf8')).toBe('old');
  const kept = `${dir}/displaced${dir}/data`;
  expect(await readFile(`${kept}/file`, 'utf8')).toBe('stranger');
  expect(await readFile(`${kept}/file.~1~`, 'utf8')).toBe('new');
});

/** Data that is as in a copy `g`, and the way back to that; `isRead`: its files were, `isDisplaced`: it was found to differ. */
async function alike() {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  const file = `${dir}/data/file`;
  await writeFile(file, 'same');
  await utimes(file, 1, 1);
  await host.clock.sleep(30);
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  await data.copy(items, generation);
  const argvs: string[] = [];
  const watched: typeof host = {
    ...host,
    commands: {
      ...host.commands,
      query: (argv, options) => {
        argvs.push(argv.join(' '));
        return host.commands.query(argv, options);
      },
    },
  };
  return {
    items,
    generation,
    file,
    now: { id: 'now', root: `${dir}/now` },
    /** Another content under the same look: only the ctime tells. */
    async disguise(): Promise<void> {
      await host.clock.sleep(30);
      await writeFile(file, 'else');
      await utimes(file, 1, 1);
      await host.clock.sleep(30);
    },
    async put(copied: PutBackOptions['copied']) {
      argvs.length = 0;
      const { displaced } = await gnuData(watched).putBack(items, generation, { ...OPTIONS(dir), copied });
      return { isRead: argvs.some((argv) => argv.includes('sha256sum')), isDisplaced: displaced.length > 0 };
    },
  };
}

test('what another copy has just said of the data at rest is not read again, unless it was touched since', async () => {
  const { items, file, now, disguise, put } = await alike();
  const copied = { ...(await data.copy(items, now)), generation: now };
  expect(await put(copied)).toEqual({ isRead: false, isDisplaced: false });
  await disguise();
  expect(await put(copied)).toEqual({ isRead: true, isDisplaced: true });
  expect(await readFile(file, 'utf8')).toBe('same');
});

test.each(['cold', 'hot'])(
  'what is written between the look of a %s copy and its manifest is not taken for known',
  async (way) => {
    const { items, file, now, disguise, put } = await alike();
    const strayed = gnuData(
      realHost({
        async run(effect, act) {
          if (effect.label.includes('manifest.json') && !effect.label.startsWith('remove')) await disguise();
          return act(() => undefined);
        },
      }),
    );
    const made = way === 'cold' ? await strayed.copy(items, now) : await (await strayed.copyHot(items, now)).finish();
    expect(await put({ ...made, generation: now })).toEqual({ isRead: true, isDisplaced: true });
    expect(await readFile(file, 'utf8')).toBe('same');
  },
);

test('a hot copy too says what of the data at rest need not be read again', async () => {
  const { items, now, put } = await alike();
  const made = await (await data.copyHot(items, now)).finish();
  expect(await put({ ...made, generation: now })).toEqual({ isRead: false, isDisplaced: false });
});

test('a manifest that is not the one on record is not believed', async () => {
  const { items, generation, now, disguise, put } = await alike();
  const then = await readFile(`${generation.root}/manifest.json`);
  await disguise();
  const copied = { ...(await data.copy(items, now)), generation: now };
  await writeFile(`${now.root}/manifest.json`, then);
  expect(await put(copied)).toEqual({ isRead: true, isDisplaced: true });
});

test('identical data is not touched, and the directory gets its own mtime back', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await utimes(`${dir}/data`, 1, 1.5);
  const before = listing(`${dir}/data`);
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  await data.copy(items, { id: 'g', root: `${dir}/g` });
  await utimes(`${dir}/data`, 2, 2);
  expect(await data.putBack(items, { id: 'g', root: `${dir}/g` }, OPTIONS(dir))).toMatchObject({ displaced: [] });
  expect(listing(`${dir}/data`)).toEqual(before);
});

const NAME = fc.constantFrom('a', 'b', 'c\n', '-d', '..e', 'ü', '\xff\xfe', 'f*');
const FILE = fc.record({
  path: fc.array(NAME, { minLength: 1, maxLength: 3 }),
  text: fc.string({ maxLength: 5 }),
  mode: fc.constantFrom(0o600, 0o644, 0o4755),
});
const TREE = fc.array(FILE, { maxLength: 8 });

/** Names are Latin-1 here, so that some of them are not UTF-8 on disk. A path that a file stands in the way of is not made. */
async function grow(
  directory: string,
  files: readonly { path: string[]; text: string; mode: number }[],
): Promise<void> {
  for (const { path, text, mode } of files) {
    const at = (depth: number) =>
      Buffer.concat([Buffer.from(directory), Buffer.from(['', ...path.slice(0, depth)].join('/'), 'latin1')]);
    try {
      await mkdir(at(path.length - 1), { recursive: true });
      await rm(at(path.length), { recursive: true, force: true });
      await writeFile(at(path.length), text, { mode });
    } catch (error) {
      if (!['EEXIST', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
}

test('whatever a tree is and whatever becomes of it, it is put back as it was', async () => {
  const base = await scratch();
  let number = 0;
  const property = fc.asyncProperty(TREE, TREE, async (before, after) => {
    number += 1;
    const dir = `${base}/${number}`;
    await mkdir(`${dir}/data`, { recursive: true });
    await grow(`${dir}/data`, before);
    const wanted = listing(`${dir}/data`);
    const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
    await data.copy(items, { id: 'g', root: `${dir}/g` });
    await grow(`${dir}/data`, after);
    await data.putBack(items, { id: 'g', root: `${dir}/g` }, OPTIONS(dir));
    expect(listing(`${dir}/data`)).toEqual(wanted);
  });
  await fc.assert(property, { numRuns: 25 });
}, 120_000);
