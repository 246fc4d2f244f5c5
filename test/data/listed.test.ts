import { expect, test } from 'vitest';
import { Listed } from '../../src/data/listed.ts';

const PLACE = { path: '/d', kind: 'directory' as const, directory: '/d', exclude: [] };
const stat = (name: string, size = 1) => `S 81a4 1 2 1 ${size} 0 0 0 1.000000000 1.000000000 "/d/${name}"\0`;
const sum = (letter: string) => `${letter.repeat(64)}  /d/whatever\0`;

test.each([
  ['after it', stat('x') + stat('y') + stat('z', 99) + sum('a') + sum('b')],
  ['before it', sum('a') + stat('x') + sum('b') + stat('z', 99) + stat('y')],
  ['now so, now so', stat('x') + sum('a') + sum('b') + stat('y') + stat('z', 99)],
])('a digest belongs to the next file that has none, whether it comes %s', (_, output) => {
  for (const size of [1, 50, 10_000]) {
    const listed = new Listed([{ place: PLACE, at: '/d' }], 10);
    for (let at = 0; at < output.length; at += size) listed.push(Buffer.from(output.slice(at, at + size)));
    expect(listed).toMatchObject({ isWhole: true, missing: 0 });
    const digests = Object.fromEntries((listed.shares[0] ?? []).map(({ name, sha256 }) => [name, sha256?.[0]]));
    expect(digests).toEqual({ x: 'a', y: 'b', z: undefined });
  }
});

test('digests too few or too many are told', () => {
  for (const [output, missing] of [
    [stat('x') + stat('y') + sum('a'), 1],
    [stat('x') + sum('a') + sum('b'), -1],
  ] as const) {
    const listed = new Listed([{ place: PLACE, at: '/d' }], 10);
    listed.push(Buffer.from(output));
    expect(listed.missing).toBe(missing);
  }
});

test('a record that was cut, and what was written on behind it, is not whole', () => {
  const listed = new Listed([{ place: PLACE, at: '/d' }], 10);
  listed.push(Buffer.from(stat('x') + stat('y').slice(0, -2) + sum('a') + stat('z', 99)));
  expect(listed.isWhole).toBe(false);
});
