import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { compare, compareBuild, parseVersion, requireVersion, same, type Version } from '../../src/version/version.ts';

function version(text: string): Version {
  return requireVersion(text, 'a test version');
}

describe('parseVersion', () => {
  test.each([
    ['v0.2.13', { tag: 'v0.2.13', number: '0.2.13', build: '', prerelease: false }],
    ['0.2.13', { tag: '0.2.13', number: '0.2.13', build: '', prerelease: false }],
    ['v0.3.0-rc1', { tag: 'v0.3.0-rc1', number: '0.3.0-rc1', build: '', prerelease: true }],
    ['v1.0.0+build.7', { tag: 'v1.0.0+build.7', number: '1.0.0', build: 'build.7', prerelease: false }],
  ])('%s keeps its spelling and gains an order', (text, expected) => {
    expect(parseVersion(text)).toEqual(expected);
  });

  test.each(['', 'v0.2', 'nightly', 'v1.2.3.4', ' v1.2.3', 'v1.2.3\n', '../v1.2.3', 'v01.2.3', 'v1.2.3/..', '٣.٢.١'])(
    '%j is no version',
    (text) => {
      expect(parseVersion(text)).toBeUndefined();
    },
  );

  test('whatever parses is safe as one path segment and one URL segment', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 30 }), (text) => {
        const parsed = parseVersion(text);
        expect(parsed === undefined || /^[0-9A-Za-z.+-]+$/.test(parsed.tag)).toBe(true);
      }),
    );
  });
});

describe('requireVersion', () => {
  test('says what it saw', () => {
    expect(() => requireVersion('dev', 'the installed version')).toThrow(RefitError);
    expect(() => requireVersion('dev', 'the installed version')).toThrow(
      'Cannot read the installed version: saw "dev", expected a version such as v0.2.13',
    );
  });
});

describe('order', () => {
  test.each([
    ['v0.2.9', 'v0.2.13', -1],
    ['v0.3.0-rc1', 'v0.3.0', -1],
    ['v0.3.0-rc1', 'v0.2.13', 1],
    ['v0.2.13', '0.2.13', 0],
    ['v0.2.13+a', 'v0.2.13+b', 0],
  ])('compare %s with %s', (a, b, expected) => {
    expect(compare(version(a), version(b))).toBe(expected);
  });

  test('build metadata is compared apart', () => {
    expect(compareBuild(version('1.0.0+a'), version('1.0.0+b'))).toBe(-1);
    expect(same(version('1.0.0+a'), version('1.0.0+b'))).toBe(false);
    expect(same(version('v1.0.0+a'), version('1.0.0+a'))).toBe(true);
  });
});
