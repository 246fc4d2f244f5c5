import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitOf, RefitError } from '../../src/errors.ts';
import { type Candidate, resolve } from '../../src/version/resolve.ts';

function catalogue(...tags: readonly string[]): readonly Candidate[] {
  return tags.map((tag) => ({ tag, prerelease: false }));
}

const published = catalogue('v0.2.9', 'v0.1.0', 'v0.3.0-rc1', 'nightly', 'v0.2.13', 'v0.2.10', 'v0.1.19', 'v0.2', '');

function refusal(act: () => unknown): RefitError {
  try {
    act();
  } catch (error) {
    if (error instanceof RefitError) return error;
    throw error;
  }
  throw new Error('expected a refusal');
}

describe('resolve', () => {
  test.each([
    ['latest', 'v0.2.13'],
    ['*', 'v0.2.13'],
    ['v0.2.x', 'v0.2.13'],
    ['0.2', 'v0.2.13'],
    ['^0.1.0', 'v0.1.19'],
    ['>=0.2.9 <0.2.13', 'v0.2.10'],
    ['v0.2.9', 'v0.2.9'],
    ['0.2.9', 'v0.2.9'],
    ['v0.3.0-rc1', 'v0.3.0-rc1'],
  ])('%s is %s', (request, expected) => {
    expect(resolve(request, published, { allowPrerelease: false }).tag).toBe(expected);
  });

  test.each([
    ['latest', 'v0.3.0-rc1'],
    ['>=0.2', 'v0.3.0-rc1'],
    ['v0.3.x', 'v0.3.0-rc1'],
    ['v0.2.x', 'v0.2.13'],
  ])('%s is %s where prereleases are allowed', (request, expected) => {
    expect(resolve(request, published, { allowPrerelease: true }).tag).toBe(expected);
  });

  test('a range that spells a prerelease does not allow one', () => {
    const error = refusal(() => resolve('^0.3.0-rc0', published, { allowPrerelease: false }));
    expect(error.code).toBe('E_RELEASE_UNKNOWN');
    expect(error.hint).toContain('--allow-prerelease');
  });

  test('a release marked as prerelease is one, whatever its tag says', () => {
    const releases = [{ tag: 'v1.0.0', prerelease: true }, ...catalogue('v0.9.0')];
    expect(resolve('latest', releases, { allowPrerelease: false }).tag).toBe('v0.9.0');
    expect(resolve('v1.0.0', releases, { allowPrerelease: false }).tag).toBe('v1.0.0');
  });

  test('a release candidate is not the release', () => {
    const error = refusal(() => resolve('v0.3.0', published, { allowPrerelease: true }));
    expect(error.code).toBe('E_RELEASE_UNKNOWN');
    expect(error.message).toBe('Cannot find a release for "v0.3.0": saw 6 releases, the nearest v0.3.0-rc1');
  });

  test('the spelling that was typed wins over an equal version', () => {
    const both = catalogue('1.0.0', 'v1.0.0');
    expect(resolve('v1.0.0', both, { allowPrerelease: false }).tag).toBe('v1.0.0');
    expect(resolve('1.0.0', both, { allowPrerelease: false }).tag).toBe('1.0.0');
  });

  test('a named build is that build and no other', () => {
    const builds = catalogue('v1.0.0+a', 'v1.0.0+b');
    expect(resolve('1.0.0+a', builds, { allowPrerelease: false }).tag).toBe('v1.0.0+a');
    expect(refusal(() => resolve('1.0.0+c', builds, { allowPrerelease: false })).code).toBe('E_RELEASE_UNKNOWN');
  });

  test.each([
    ['v0.2.11', 'v0.2.10', 'v0.2.13'],
    ['v0.4.x', 'v0.3.0-rc1', undefined],
    ['v0.0.1', 'v0.1.0', undefined],
  ])('%s matches nothing and the nearest are named', (request, near, other) => {
    const error = refusal(() => resolve(request, published, { allowPrerelease: false }));
    expect(exitOf(error)).toBe(5);
    expect(error.facts['nearest']).toBe(other === undefined ? near : `${near} ${other}`);
    expect(error.hint).toContain(near);
  });

  test('an empty catalogue says so', () => {
    expect(refusal(() => resolve('latest', [], { allowPrerelease: false })).message).toContain('no releases at all');
  });

  test('the choice does not depend on the order of the catalogue', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...published], { minLength: published.length }), (shuffled) => {
        expect(resolve('v0.2.x', shuffled, { allowPrerelease: false }).tag).toBe('v0.2.13');
      }),
    );
  });

  test('no text does worse than a coded refusal', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        try {
          resolve(text, published, { allowPrerelease: false });
        } catch (error) {
          expect(error).toBeInstanceOf(RefitError);
        }
      }),
    );
  });
});
