import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RefitError } from '../../src/errors.ts';
import { readHeader } from '../../src/release/archive/member-header.ts';
import { parsePax } from '../../src/release/archive/pax.ts';
import { parseChecksums, parseSidecar } from '../../src/release/checksums.ts';
import { tarHeader } from './tarball.ts';

const DIGEST = 'ab'.repeat(32);
const RUNS = 20_000;

/** Counts of what became of the cases, so that a property that reaches nothing is seen. */
function tally() {
  const counts: Record<string, number> = {};
  return {
    counts,
    count: (what: string) => {
      counts[what] = (counts[what] ?? 0) + 1;
    },
  };
}

test('no list of digests does worse than a coded refusal, and none gives a name that leads away', () => {
  const { counts, count } = tally();
  const name = fc.oneof(fc.constantFrom('app.tar.gz', '../app', '/etc/x', './app', 'a\\b', 'a\0b'), fc.string());
  const digest = fc.oneof(fc.constant(DIGEST), fc.constant(DIGEST.toUpperCase()), fc.string({ maxLength: 70 }));
  const line = fc.oneof(
    fc.tuple(digest, fc.constantFrom('  ', ' *', ' ', '\t'), name).map((parts) => parts.join('')),
    fc.tuple(name, digest).map(([of, hex]) => `SHA256 (${of}) = ${hex}`),
    fc.string({ unit: 'binary' }),
  );
  const text = fc
    .tuple(fc.array(line, { maxLength: 4 }), fc.constantFrom('\n', '\r\n', '\r'))
    .map(([all, end]) => all.join(end));
  fc.assert(
    fc.property(text, (written) => {
      const data = Buffer.from(written);
      try {
        for (const [of, sha256] of parseChecksums(data, 'checksums.txt')) {
          expect(of).not.toMatch(/[/\\\p{Cc}]|^\.{0,2}$/u);
          expect(sha256).toMatch(/^[0-9a-f]{64}$/);
        }
        count('read');
        expect(parseSidecar(Buffer.from(DIGEST), 'app', 'app.sha256')).toBe(DIGEST);
      } catch (error) {
        if (!(error instanceof RefitError)) throw error;
        expect(error.code).toBe('E_CHECKSUMS_INVALID');
        count('refused');
      }
    }),
    { numRuns: RUNS },
  );
  process.stderr.write(`checksum lists: ${JSON.stringify(counts)}\n`);
  expect(Math.min(counts['read'] ?? 0, counts['refused'] ?? 0)).toBeGreaterThan(RUNS / 100);
});

test('no block is read as a header that it is not', () => {
  const { counts, count } = tally();
  const made = fc
    .record({
      name: fc.string({ unit: 'binary', maxLength: 100 }),
      type: fc.constantFrom(...'0123456789xgLKSVMNDZ\0'),
      size: fc.nat(8 ** 11 - 1),
      mode: fc.constantFrom(0o644, 0o755, 0o4755, 0o2755),
      linkName: fc.constantFrom('', 'x', '/etc/passwd'),
    })
    .map((header) => tarHeader(header));
  const flipped = fc.tuple(made, fc.nat(511), fc.nat(255)).map(([block, at, by]) => {
    block.writeUInt8(by, at);
    return block;
  });
  const noise = fc.uint8Array({ minLength: 512, maxLength: 512 }).map((bytes) => Buffer.from(bytes));
  fc.assert(
    fc.property(fc.oneof({ weight: 5, arbitrary: made }, flipped, noise), (block) => {
      const read = readHeader(block);
      count(read.is);
      if (read.is !== 'header') return;
      expect(Number.isSafeInteger(read.header.size) && read.header.size >= 0).toBe(true);
      if (read.header.kind === 'file') expect(block.toString('latin1', 100, 107)).not.toMatch(/[2467]\d{3}$/);
    }),
    { numRuns: RUNS },
  );
  process.stderr.write(`tar headers: ${JSON.stringify(counts)}\n`);
  expect(counts['header']).toBeGreaterThan(RUNS / 100);
  expect(counts['damaged']).toBeGreaterThan(RUNS / 100);
  expect(counts['unsafe']).toBeGreaterThan(RUNS / 100);
});

test('no extended header ends in anything but its fields or words', () => {
  const { counts, count } = tally();
  const key = fc.constantFrom('path', 'linkpath', 'size', 'mtime', 'GNU.sparse.name', '');
  const record = fc
    .tuple(fc.nat(99), key, fc.string({ maxLength: 20 }))
    .map(([n, of, value]) => `${n} ${of}=${value}\n`);
  const right = fc.tuple(key, fc.string({ maxLength: 20 })).map(([of, value]) => {
    const rest = ` ${of}=${value}\n`;
    const size = Buffer.byteLength(rest);
    return `${size + `${size + 2}`.length}${rest}`;
  });
  fc.assert(
    fc.property(fc.array(fc.oneof(record, right), { maxLength: 4 }), (records) => {
      const read = parsePax(Buffer.from(records.join('')));
      count(typeof read === 'string' ? 'refused' : 'read');
      if (typeof read !== 'string')
        expect(Object.keys(read).every((of) => ['path', 'linkpath'].includes(of))).toBe(true);
    }),
    { numRuns: RUNS },
  );
  process.stderr.write(`pax headers: ${JSON.stringify(counts)}\n`);
  expect(Math.min(counts['read'] ?? 0, counts['refused'] ?? 0)).toBeGreaterThan(RUNS / 100);
});
