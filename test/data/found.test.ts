import { expect, test } from 'vitest';
import { Found } from '../../src/data/found.ts';

const PLACE = { path: '/d', kind: 'directory' as const, directory: '/d', exclude: [] };
const SIGHTS = [{ place: PLACE, at: '/d' }];
const OUTPUT = Buffer.concat([
  Buffer.from('d 755 1 10 2 4096 8 0 0 5.0000000000 6.0000000000 /d\0\0'),
  Buffer.from('f 4755 1 11 1 3 8 7 8 5.0000000010 5.0000000010 /d/a b\0\0'),
  Buffer.from('l 777 1 12 1 2 0 0 0 5.0000000000 5.0000000000 /d/l\0to "x"\0'),
  Buffer.from('f 644 1 13 1 0 0 0 0 5.0000000000 5.0000000000 /d/'),
  Buffer.from([0xff, 0, 0]),
]);

function read(output: Buffer, size: number, known = new Map<string, NonNullable<Found['shares'][0]>[0]>()) {
  const found = new Found(SIGHTS, (_, name) => known.get(name));
  for (let at = 0; at < output.length; at += size) found.push(output.subarray(at, at + size));
  return { found, entries: found.shares[0] ?? [] };
}

test.each([1, 7, 10_000])('in pieces of %i bytes, names of any bytes', (size) => {
  const { found, entries } = read(OUTPUT, size);
  expect(found).toMatchObject({ isWhole: true, isEarly: false });
  expect(entries.map(({ name }) => name)).toEqual(['', 'a b', 'l', '\\377']);
  expect(entries[1]).toEqual({
    ...{ name: 'a b', type: 'file', size: 3, mode: 0o4755, uid: 7, gid: 8, mtime: '5.000000001' },
    ...{ device: '1', inode: '11', links: 1, ctime: '5.000000001', allocated: 4096 },
  });
  expect(entries[2]).toMatchObject({ type: 'link', size: 0, target: 'to \\"x\\"' });
});

test('what was seen before and is the same is that object, and what differs in anything is not', () => {
  const { entries } = read(OUTPUT, 100);
  const known = new Map(entries.map((entry) => [entry.name, entry]));
  expect(read(OUTPUT, 100, known).entries.every((entry, index) => entry === entries[index])).toBe(true);
  for (const [from, to] of [
    ['4755', '4754'],
    ['/d/a b', '/d/a c'],
    ['5.0000000010 /d/a', '5.0000000020 /d/a'],
    [' 11 1 ', ' 14 1 '],
    ['to "x"', 'to "y"'],
  ] as const) {
    const changed = Buffer.from(OUTPUT.toString('latin1').replace(from, to), 'latin1');
    const again = read(changed, 100, known).entries;
    expect(again.filter((entry, index) => entry !== entries[index])).toHaveLength(1);
  }
});

test('a record that was cut and a time before 1970 are told', () => {
  expect(read(OUTPUT.subarray(0, -1), 50).found.isWhole).toBe(false);
  const early = Buffer.from('f 644 1 13 1 0 0 0 0 -5.5000000000 5.0000000000 /d/x\0\0');
  expect(read(early, 50).found.isEarly).toBe(true);
});
