import { expect, test } from 'vitest';
import type { Content } from '../../src/data/content.ts';
import type { Raw } from '../../src/data/entry.ts';
import { type Memory, remember, rememberAgain } from '../../src/data/remember.ts';

const doubts = { tick: '100.000000000', mapped: new Set<string>(), undressed: false };

function entry(name: string, more: Partial<Raw> = {}): Raw {
  const fixed = { size: 1, mode: 0o644, uid: 0, gid: 0, device: '1', links: 1, allocated: 0 };
  return { ...fixed, name, type: 'file', mtime: '1.000000000', ctime: '1.000000000', inode: name, ...more };
}

const directory = (name: string, more: Partial<Raw> = {}) => entry(name, { type: 'directory', size: 0, ...more });
const blocks = new Uint8Array(32);
const OLD: Memory = remember(
  [entry('a'), entry('b')],
  [entry('a'), entry('b')],
  new Map([['b', { sha256: 'b' }]]),
  doubts,
);

/** What is remembered of `before` when that was copied again and looks like `after`. */
function again(before: readonly Raw[], changed: readonly (readonly [string, Content])[], after = before, more = {}) {
  const memory = rememberAgain(OLD, before, after, new Map(changed), { ...doubts, ...more });
  return Object.fromEntries(
    [...memory].map(([name, { seen, ...rest }]) => [name, { ...rest, isSeen: seen !== undefined }]),
  );
}

const A = entry('a', { ctime: '5.000000000' });

test('what looks the same before and after is the copy, and what was not touched is as it was', () => {
  expect(again([A, entry('b')], [['a', { sha256: 'new' }]])).toEqual({
    a: { isDirectory: false, isSeen: true, sha256: 'new' },
    b: { isDirectory: false, isSeen: true, sha256: 'b' },
  });
});

test.each<[string, readonly Raw[], object]>([
  ['changed meanwhile', [{ ...A, ctime: '6.000000000' }], {}],
  ['has gone meanwhile', [], {}],
  ['changed within one tick', [A], { tick: '4.900000000' }],
  ['is mapped', [A], { mapped: new Set(['a']) }],
])('what %s is forgotten, but what was compared block by block goes on from there', (_, after, more) => {
  expect(again([A], [['a', { sha256: 'new' }]], after, more)).toEqual({});
  expect(again([A], [['a', { blocks }]], after, more)).toEqual({ a: { isDirectory: false, isSeen: false, blocks } });
});

test('a file without a digest is not the copy of anything', () => {
  expect(again([A], [['a', {}]])).toEqual({});
});

test('one name of a file that is in doubt leaves none of them', () => {
  const names = ['a', 'c'].map((name) => entry(name, { inode: 'one', links: 2, ctime: '5.000000000' }));
  const [first, second] = names;
  expect(
    again(
      names,
      [
        ['a', { sha256: 'x' }],
        ['c', { sha256: 'x' }],
      ],
      names,
    ),
  ).toMatchObject({ a: {}, c: {} });
  const moved = [first, second].flatMap((each, index) => (each ? [{ ...each, ctime: `${5 + index}.000000000` }] : []));
  expect(
    again(
      names,
      [
        ['a', { sha256: 'x' }],
        ['c', { sha256: 'x' }],
      ],
      moved,
    ),
  ).toEqual({});
});

test('a directory that could not be dressed is dressed later', () => {
  const before = [directory('d', { ctime: '5.000000000' })];
  expect(again(before, [['d', {}]])).toEqual({ d: { isDirectory: true, isSeen: true } });
  expect(again(before, [['d', {}]], before, { undressed: true })).toEqual({ d: { isDirectory: true, isSeen: false } });
});
