import { expect, test } from 'vitest';
import { compare, type Entry, parseStat, toEntries } from '../../src/data/entry.ts';

const FILE: Entry = {
  name: 'a',
  type: 'file',
  size: 1,
  mode: 0o644,
  uid: 0,
  gid: 0,
  mtime: '1.000000001',
  sha256: 'x',
};
const ALL = { digests: true, root: true };

test('a line of stat is read with its setuid bit, nanoseconds and spaces in the name', () => {
  expect(parseStat('S 89ed 65024 42 2 10 8 7 8 1795261073.488982976 1795261074.000000001 "/d/a b"')).toEqual({
    ...{ name: '/d/a b', type: 'file', size: 10, mode: 0o4755, uid: 7, gid: 8, mtime: '1795261073.488982976' },
    ...{ device: '65024', inode: '42', links: 2, allocated: 4096 },
    ctime: '1795261074.000000001',
  });
});

test('a link has a target and no size', () => {
  expect(parseStat('S a1ff 1 2 1 9 0 0 0 1.000000000 1.000000000 "/d/l" -> "/else"')).toMatchObject({
    type: 'link',
    size: 0,
    target: '/else',
  });
});

test('the second name of a file says so; special files are dropped', () => {
  const raw = { ...FILE, device: '1', inode: '2', links: 2, ctime: '1.000000001', allocated: 0 };
  const entries = toEntries([raw, { ...raw, name: 'b' }, { ...raw, name: 's', type: 'special' }]);
  expect(entries).toEqual([FILE, { ...FILE, name: 'b', sameAs: 'a' }]);
});

test.each([
  ['a content', { sha256: 'y' }, 'sha256 y'],
  ['a mode', { mode: 0o4755 }, 'mode 04755'],
  ['an owner', { uid: 5 }, 'uid 5'],
  ['a nanosecond', { mtime: '1.000000002' }, 'mtime 1.000000002'],
  ['a broken hard link', { sameAs: 'b' }, 'sameAs b'],
])('%s that differs is named', (_, change, saw) => {
  expect(compare([FILE], [{ ...FILE, ...change }], ALL)).toMatchObject([{ path: 'a', saw }]);
});

test('what is missing and what is too much differ', () => {
  expect(compare([FILE], [], ALL)).toMatchObject([{ path: 'a', saw: 'nothing' }]);
  expect(compare([], [FILE], ALL)).toMatchObject([{ path: 'a', expected: 'nothing' }]);
});

test('the mtime of the directory itself is never compared, its mode only where asked', () => {
  const root: Entry = { ...FILE, name: '', type: 'directory' };
  expect(compare([root], [{ ...root, mtime: '9.0' }], ALL)).toEqual([]);
  expect(compare([root], [{ ...root, mode: 0 }], ALL)).toHaveLength(1);
  expect(compare([root], [{ ...root, mode: 0 }], { digests: true, root: false })).toEqual([]);
});
