import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitOf, RefitError } from '../../src/errors.ts';
import { CHECKSUMS_MAX_BYTES, parseChecksums, parseDigest, parseSidecar } from '../../src/release/checksums.ts';
import { refusalOf } from './workshop.ts';

const A = 'a'.repeat(64);
const B = 'b'.repeat(64);

function parse(text: string): Record<string, string> {
  return Object.fromEntries(parseChecksums(Buffer.from(text), 'checksums.txt'));
}

describe('parseChecksums', () => {
  test.each([
    ['GNU text mode', `${A}  a.tar.gz\n${B}  b.tar.gz\n`, { 'a.tar.gz': A, 'b.tar.gz': B }],
    ['GNU binary mode', `${A} *a.tar.gz\n`, { 'a.tar.gz': A }],
    ['--tag', `SHA256 (a.tar.gz) = ${A}\n`, { 'a.tar.gz': A }],
    ['CRLF and blank lines', `${A}  a.tar.gz\r\n\r\n${B}  b.tar.gz\r\n`, { 'a.tar.gz': A, 'b.tar.gz': B }],
    ['no last line end', `${A}  a.tar.gz`, { 'a.tar.gz': A }],
    ['upper case', `${A.toUpperCase()}  a.tar.gz\n`, { 'a.tar.gz': A }],
    ['./ in front', `${A}  ./a.tar.gz\n`, { 'a.tar.gz': A }],
    ['a name with spaces', `${A}  my file.tar.gz\n`, { 'my file.tar.gz': A }],
    ['the same line twice', `${A}  a.tar.gz\n${A}  a.tar.gz\n`, { 'a.tar.gz': A }],
  ])('%s', (_, text, expected) => {
    expect(parse(text)).toEqual(expected);
  });

  test.each([
    ['nothing', ''],
    ['blank lines', '\n\n'],
    ['a page', '<!DOCTYPE html><html></html>'],
    ['garbage behind a good line', `${A}  a.tar.gz\nhello\n`],
    ['a comment', `# sums\n${A}  a.tar.gz\n`],
    ['a digest without a name', `${A}\n`],
    ['a short digest', `${A.slice(1)}  a.tar.gz\n`],
    ['a long digest', `${A}a  a.tar.gz\n`],
    ['another algorithm', `${A}${A}  a.tar.gz\n`],
    ['another algorithm by --tag', `SHA512 (a.tar.gz) = ${A}${A}\n`],
    ['an escaped name', `\\${A}  a\\nb\n`],
    ['one space', `${A} a.tar.gz\n`],
    ['two digests for a name', `${A}  a.tar.gz\n${B}  a.tar.gz\n`],
    ['two digests for a name spelt differently', `${A}  a.tar.gz\n${B}  ./a.tar.gz\n`],
    ['a climb', `${A}  ../a.tar.gz\n`],
    ['a folder', `${A}  dist/a.tar.gz\n`],
    ['an absolute name', `${A}  /etc/passwd\n`],
    ['a backslash', `${A}  ..\\a\n`],
    ['the name ..', `${A}  ..\n`],
    ['an escape sequence', `${A}  \x1b[2Ja\n`],
    ['NUL', `${A}  a\0b\n`],
    ['no UTF-8', Buffer.concat([Buffer.from(`${A}  `), Buffer.from([0xff, 0xfe])])],
    ['more than a mebibyte', Buffer.alloc(CHECKSUMS_MAX_BYTES + 1, 'a')],
  ])('%s is refused', async (_, text) => {
    const error = await refusalOf(() => parseChecksums(Buffer.from(text), 'checksums.txt'));
    expect(error.code).toBe('E_CHECKSUMS_INVALID');
    expect(exitOf(error)).toBe(6);
    expect(/\p{Cc}/u.test(error.message)).toBe(false);
  });

  test('no bytes do worse than a coded refusal, and every name is plain', () => {
    const line = fc.oneof(
      fc
        .tuple(fc.constantFrom(A, B, A.slice(1)), fc.constantFrom('  ', ' *', ' '), fc.string())
        .map((all) => all.join('')),
      fc.string({ unit: 'binary' }),
      fc.string().map((name) => `SHA256 (${name}) = ${B}`),
    );
    fc.assert(
      fc.property(fc.array(line), fc.constantFrom('\n', '\r\n', '\r'), (lines, end) => {
        try {
          for (const [name, sha256] of parseChecksums(Buffer.from(lines.join(end)), 'checksums.txt')) {
            expect(name).toMatch(/^[^/\\\n\0]+$/);
            expect(sha256).toMatch(/^[0-9a-f]{64}$/);
          }
        } catch (error) {
          expect(error).toBeInstanceOf(RefitError);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('parseSidecar', () => {
  test.each([`${A}`, `${A}\n`, `${A}  a.tar.gz\n`, `${A} *./a.tar.gz\r\n`, `SHA256 (a.tar.gz) = ${A}\n`])(
    '%j is a digest',
    (text) => {
      expect(parseSidecar(Buffer.from(text), 'a.tar.gz', 'a.tar.gz.sha256')).toBe(A);
    },
  );

  test.each(['', 'hello', `${A}\n${B}\n`, `${A}  b.tar.gz\n`, `${A}  dist/a.tar.gz\n`])(
    '%j is refused',
    async (text) => {
      const error = await refusalOf(() => parseSidecar(Buffer.from(text), 'a.tar.gz', 'a.tar.gz.sha256'));
      expect(error.code).toBe('E_CHECKSUMS_INVALID');
    },
  );
});

test('parseDigest takes 64 hexadecimal digits and nothing else', () => {
  expect(parseDigest(A.toUpperCase())).toBe(A);
  expect(parseDigest(`${A} `)).toBeUndefined();
  expect(parseDigest(A.slice(1))).toBeUndefined();
  expect(parseDigest(`sha256:${A}`)).toBeUndefined();
});
