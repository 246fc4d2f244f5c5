import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parsePax } from '../../../src/release/archive/pax.ts';
import { paxRecord } from '../tarball.ts';

const parse = (text: string) => parsePax(Buffer.from(text));

describe('parsePax', () => {
  test('reads what it is given, also values with line ends and equals signs', () => {
    expect(parse(paxRecord('path', 'a=b\nc') + paxRecord('linkpath', 'ü') + paxRecord('mtime', '1.5'))).toEqual({
      path: 'a=b\nc',
      linkpath: 'ü',
    });
    expect(parse('')).toEqual({});
  });

  test.each([
    '12 path=a\n',
    '10 path=ab\n',
    'path=a\n',
    '11 path=a b',
    '5 =a\n',
    '7 path\n',
    '0 \n',
    '-1 path=a\n',
    `${paxRecord('path', 'a')}x`,
    ' 10 path=a\n',
  ])('%j is broken', (text) => {
    expect(parse(text)).toBe('a broken extended header');
  });

  test.each(['size', 'type', 'GNU.sparse.map', 'GNU.sparse.realsize', 'GNU.volume.offset', 'SCHILY.realsize'])(
    '%s is refused',
    (key) => {
      expect(parse(paxRecord(key, '1'))).toBe(`an extended header that overrides ${key}`);
    },
  );

  test('any path survives, and no bytes hang or throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (path) => {
        expect(parse(paxRecord('path', path))).toEqual({ path });
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(['string', 'object']).toContain(typeof parsePax(Buffer.from(bytes)));
      }),
    );
  });
});
