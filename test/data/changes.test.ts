import { expect, test } from 'vitest';
import { changesOf } from '../../src/data/changes.ts';
import type { Raw } from '../../src/data/entry.ts';
import { remember } from '../../src/data/remember.ts';

const TICK = '100.000000000';

function entry(name: string, more: Partial<Raw> = {}): Raw {
  const fixed = { size: 1, mode: 0o644, uid: 0, gid: 0, device: '1', links: 1, allocated: 0 };
  return { ...fixed, name, type: 'file', mtime: '1.000000000', ctime: '1.000000000', inode: name, ...more };
}

const directory = (name: string, more: Partial<Raw> = {}) => entry(name, { type: 'directory', size: 0, ...more });
const WAS = [directory(''), entry('a'), directory('d'), entry('d/e')];
const SUMS = new Map(WAS.map(({ name }) => [name, { sha256: `of ${name}` }]));
const none = { tick: TICK, mapped: new Set<string>() };

/** What is to be done where the copy was made from `was`, and `now` is what there is. */
function changes(now: readonly Raw[], was: readonly Raw[] = WAS, copied: readonly Raw[] = was, doubts = none) {
  const { gone, make, copy, dress } = changesOf(remember(was, copied, SUMS, doubts), now);
  return { gone, make, copy: copy.map(({ name }) => name), dress };
}

const NOTHING = { gone: [], make: [], copy: [], dress: [] };

test('nothing has changed', () => {
  expect(changes(WAS)).toEqual(NOTHING);
});

test.each<[string, readonly Raw[], object]>([
  ['a ctime', [directory(''), entry('a', { ctime: '1.000000001' }), ...WAS.slice(2)], { copy: ['a'], dress: [] }],
  ['an inode', [...WAS.slice(0, 3), entry('d/e', { inode: 'x' })], { copy: ['d/e'], dress: ['d'] }],
  ['a name that went', WAS.slice(0, 3), { gone: ['d/e'], dress: ['d'] }],
  ['a tree that went', WAS.slice(0, 2), { gone: ['d'] }],
  ['a new tree', [...WAS, directory('n'), entry('n/f')], { make: ['n'], copy: ['n/f'], dress: ['n'] }],
  ['a directory that is a file', [...WAS.slice(0, 2), entry('d')], { gone: ['d'], copy: ['d'] }],
  [
    'a file that is a directory',
    [WAS[0] ?? entry(''), directory('a'), ...WAS.slice(2)],
    { gone: ['a'], make: ['a'], dress: ['a'] },
  ],
  [
    'a mode of a directory',
    [...WAS.slice(0, 2), directory('d', { ctime: '2.000000000' }), ...WAS.slice(3)],
    { dress: ['d'] },
  ],
])('%s', (_, now, expected) => {
  expect(changes(now)).toEqual({ ...NOTHING, ...expected });
});

test.each<[string, Parameters<typeof changes>[1], Parameters<typeof changes>[2], Parameters<typeof changes>[3]]>([
  ['changed while it was copied', WAS, [WAS[0] ?? entry(''), entry('a', { size: 2 }), ...WAS.slice(2)], none],
  ['came while it was copied', [WAS[0] ?? entry(''), ...WAS.slice(2)], WAS, none],
  ['changed so late that it may have changed twice', WAS, WAS, { ...none, tick: '0.900000000' }],
  ['is mapped', WAS, WAS, { ...none, mapped: new Set(['a']) }],
])('what %s is copied again', (_, was, copied, doubts) => {
  expect(changes(WAS, was, copied, doubts).copy).toContain('a');
});

test('without a digest of the source, stat proves too little', () => {
  const memory = remember(WAS, WAS, new Map([['a', { sha256: 'of a' }]]), none);
  expect(memory.get('a')?.seen).toBeDefined();
  expect(memory.get('d/e')?.seen).toBeUndefined();
});

test('names of one file are proven together or not at all', () => {
  const linked = (name: string, inode: string) => entry(name, { links: 2, inode });
  const was = [linked('a', 'i'), linked('d/e', 'i')];
  expect(changes(was, was, was).copy).toEqual([]);
  expect(changes(was, was, [linked('a', 'x'), linked('d/e', 'y')]).copy).toEqual(['a', 'd/e']);
  expect(changes(was, was, [linked('a', 'x')]).copy).toEqual(['a', 'd/e']);
});
