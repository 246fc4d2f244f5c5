import { describe, expect, test } from 'vitest';
import { readHeader } from '../../../src/release/archive/member-header.ts';
import { type TarHeader, tarHeader } from '../tarball.ts';

describe('readHeader', () => {
  test.each<[TarHeader, object]>([
    [
      { name: 'a', size: 7 },
      { kind: 'file', path: 'a', linkPath: '', size: 7 },
    ],
    [
      { name: 'a', type: '\0' },
      { kind: 'file', path: 'a', linkPath: '', size: 0 },
    ],
    [
      { name: 'b', prefix: 'a' },
      { kind: 'file', path: 'a/b', linkPath: '', size: 0 },
    ],
    [{ name: 'a/' }, { kind: 'directory', path: 'a/', linkPath: '', size: 0 }],
    [
      { name: 'a', type: '2', linkName: 'b' },
      { kind: 'link', path: 'a', linkPath: 'b', size: 0 },
    ],
    [
      { name: 'a', type: 'x', size: 9 },
      { kind: 'pax', path: 'a', linkPath: '', size: 9 },
    ],
  ])('reads %j', (header, expected) => {
    expect(readHeader(tarHeader(header))).toEqual({ is: 'header', header: expected });
  });

  test('a block of zeros is the end', () => {
    expect(readHeader(Buffer.alloc(512))).toEqual({ is: 'end' });
  });

  test.each<[TarHeader, string]>([
    [{ name: 'a', checksum: 0 }, 'damaged'],
    [{ name: 'a', rawSize: Buffer.alloc(12, 0xff) }, 'damaged'],
    [{ name: 'a/', type: '5', size: 512 }, 'unsafe'],
    [{ name: 'a/', type: '5', rawSize: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0]) }, 'unsafe'],
    [{ name: 'a', type: '2', linkName: 'b', size: 512 }, 'unsafe'],
    [{ name: 'a', linkName: 'b' }, 'unsafe'],
    [{ name: 'a', type: '3' }, 'unsafe'],
    [{ name: 'a', type: 'S' }, 'unsafe'],
    [{ name: 'a', type: '?' }, 'unsafe'],
  ])('%j is %s', (header, is) => {
    expect(readHeader(tarHeader(header)).is).toBe(is);
  });
});
