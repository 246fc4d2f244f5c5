import { expect, test } from 'vitest';
import { RefitError } from '../../../src/errors.ts';
import { indexBytes, isAssetName, isMemberName, parseIndex } from '../../../src/release/bundle/index-file.ts';
import { FILES, indexOf } from './made.ts';

const refuse = (seen: string, expected: string) =>
  new RefitError('E_BUNDLE_INVALID', `saw ${seen}, expected ${expected}`);
const parse = (json: unknown) => parseIndex(Buffer.from(JSON.stringify(json)), refuse);

test('what is written is read, and again the same bytes', () => {
  const index = indexOf(FILES, {
    releases: [{ tag: 'v0.2.13', prerelease: false, publishedAt: '2026-01-02T03:04:05Z' }],
  });
  const bytes = indexBytes(index);
  expect(parseIndex(bytes, refuse)).toEqual(index);
  expect(indexBytes(parseIndex(bytes, refuse))).toEqual(bytes);
});

const member = { name: 'notes/v1.0.0.md', size: 1, sha256: 'a'.repeat(64) };
const good = { format: 1, product: 'app', releases: [], members: [member] };

test.each<[unknown, RegExp]>([
  [[], /a list as index/],
  [{ ...good, format: 2 }, /the format 2/],
  [{ ...good, format: '1' }, /a text|a string as index.format/],
  [{ ...good, more: 1 }, /the key "more" of index/],
  [{ ...good, product: '../x' }, /as index.product/],
  [{ ...good, releases: [{ tag: 'v1.0.0', prerelease: 'no' }] }, /no prerelease of v1\.0\.0/],
  [{ ...good, releases: [{ tag: 'nightly', prerelease: false }] }, /the tag "nightly"/],
  [{ ...good, releases: [{ tag: 'v1.0.0', prerelease: false, publishedAt: 'now' }] }, /publishedAt of v1\.0\.0/],
  [{ ...good, releases: [{ tag: 'v1.0.0', prerelease: false, who: 1 }] }, /the key "who"/],
  [{ ...good, releases: Array(2).fill({ tag: 'v1.0.0', prerelease: false }) }, /"v1\.0\.0" twice/],
  [{ ...good, members: [{ ...member, size: -1 }] }, /not negative/],
  [{ ...good, members: [{ ...member, size: 1.5 }] }, /whole number/],
  [{ ...good, members: [{ ...member, size: 8 * 1024 ** 3 }] }, /8589934592 bytes/],
  [{ ...good, members: [{ ...member, sha256: 'A'.repeat(64) }] }, /as sha256 of/],
  [{ ...good, members: [{ ...member, arch: 'mips' }] }, /the architecture "mips"/],
  [{ ...good, members: [{ ...member, mode: 1 }] }, /the key "mode"/],
  [{ ...good, members: [member, member] }, /notes\/v1\.0\.0\.md" twice/],
  [{ ...good, members: [{ ...member, name: 'index.json' }] }, /the name "index\.json"/],
  [{ ...good, members: [{ ...member, name: 'releases/v1.0.0/a' }] }, /of no release/],
  [{ ...good, members: Array.from({ length: 10_001 }, () => member) }, /10001 members/],
])('%j is refused', (json, said) => {
  expect(() => parse(json)).toThrow(said);
});

test.each([
  'releases/v1.0.0/a.tar.gz',
  'releases/v1.0.0/a.tar.gz.sigstore.json',
  'notes/v1.0.0-rc.1.md',
  'refit/refit_linux_arm64',
])('%s may be in a bundle', (name) => expect(isMemberName(name)).toBe(true));

test.each([
  '',
  '/etc/passwd',
  '../a',
  'releases/../a',
  'releases/v1.0.0/..',
  'releases/v1.0.0/a/b',
  'releases/v1.0.0/',
  'releases//a',
  'releases/v1.0.0/-rf',
  'releases/v1.0.0/.hidden',
  'releases/v1.0.0/a\nb',
  'releases/v1.0.0/a\0b',
  'releases/v1.0.0/é',
  'Releases/v1.0.0/a',
  'notes/v1.0.0',
  'notes/nightly.md',
  'refit/refit_linux_mips',
  `releases/v1.0.0/${'a'.repeat(100)}`,
])('%j may not', (name) => expect(isMemberName(name)).toBe(false));

test('an asset name is one that fits a header', () => {
  expect(isAssetName('a'.repeat(99))).toBe(true);
  expect(isAssetName('a'.repeat(100))).toBe(false);
});
