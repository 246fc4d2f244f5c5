import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exitOf, RefitError } from '../../src/errors.ts';
import type { VerifiedArtifact } from '../../src/release/release.ts';
import { unpack, type WantedMember } from '../../src/release/unpack.ts';
import { verify } from '../../src/release/verify.ts';
import { paxRecord, TAR_END, tar, tarGz, tarHeader, tarMember } from './tarball.ts';
import { openWorkshop, refusalOf, sha256, type Workshop } from './workshop.ts';

const SERVER = randomBytes(200_000);
const AGENT = randomBytes(70_001);
const good = tarMember({ name: 'dockmesh' }, SERVER);

interface Bench extends AsyncDisposable {
  readonly shop: Workshop;
  readonly out: string;
  artifact(archive: Buffer): Promise<VerifiedArtifact>;
  unpack(archive: Buffer, options?: Parameters<typeof unpack>[3]): ReturnType<typeof unpack>;
}

async function openBench(wanted: readonly Partial<WantedMember>[] = [{ name: 'dockmesh' }]): Promise<Bench> {
  const shop = await openWorkshop();
  const out = join(shop.folder, 'out');
  await mkdir(out);
  const artifact = async (archive: Buffer) => {
    const path = await shop.put('a.tar.gz', archive);
    return verify(shop.host, path, [{ from: '--sha256', sha256: sha256(archive) }]);
  };
  const members = wanted.map((one, index) => ({
    name: 'dockmesh',
    to: join(out, `member-${index}`),
    owner: { mode: 0o755 },
    ...one,
  }));
  return {
    shop,
    out,
    artifact,
    unpack: async (archive, options) => unpack(shop.host.files, await artifact(archive), members, options),
    [Symbol.asyncDispose]: () => shop[Symbol.asyncDispose](),
  };
}

describe('a good archive', () => {
  test('gives the wanted members with their digests and our modes, and nothing else', async () => {
    await using bench = await openBench([{ name: 'dockmesh' }, { name: 'dockmesh-agent', owner: { mode: 0o600 } }]);
    const archive = tarGz(
      tarMember({ name: 'dockmesh', mode: 0o1777 }, SERVER),
      tarMember({ name: './dockmesh-agent' }, AGENT),
      tarMember({ name: 'docs/', type: '5' }),
      tarMember({ name: 'docs/README.md' }, 'read me'),
      tarMember({ name: 'docs/link', type: '2', linkName: 'README.md' }),
    );
    const unpacked = await bench.unpack(archive);
    expect(unpacked.map(({ name, digest }) => [name, digest.sha256])).toEqual([
      ['dockmesh', sha256(SERVER)],
      ['dockmesh-agent', sha256(AGENT)],
    ]);
    expect(await readdir(bench.out)).toEqual(['member-0', 'member-1']);
    expect((await readFile(join(bench.out, 'member-0'))).equals(SERVER)).toBe(true);
    expect((await stat(join(bench.out, 'member-0'))).mode & 0o7777).toBe(0o755);
    expect((await stat(join(bench.out, 'member-1'))).mode & 0o7777).toBe(0o600);
  });

  test.each([
    ['an empty file', '', undefined],
    ['exactly one block', Buffer.alloc(512, 1), undefined],
    ['an optional member that is absent', 'x', { name: 'absent', optional: true }],
  ])('may hold %s', async (_, body, also) => {
    await using bench = await openBench(also === undefined ? [{}] : [{}, also]);
    const unpacked = await bench.unpack(tarGz(tarMember({ name: 'dockmesh' }, body)));
    expect(unpacked.map(({ digest }) => digest.size)).toEqual([Buffer.from(body).length]);
  });

  const long = `${'folder/'.repeat(20)}dockmesh`;
  test.each([
    [
      'by a pax header',
      [tarMember({ name: 'x', type: 'x' }, paxRecord('path', long)), tarMember({ name: 'cut' }, 'x')],
    ],
    ['by a GNU long name', [tarMember({ name: 'x', type: 'L' }, `${long}\0`), tarMember({ name: 'cut' }, 'x')]],
    ['by a prefix', [tarMember({ name: 'dockmesh', prefix: long.slice(0, -9) }, 'x')]],
  ])('may name a member of many folders %s', async (_, members) => {
    await using bench = await openBench([{ name: long }]);
    expect(await bench.unpack(tarGz(...members))).toHaveLength(1);
  });

  test('may carry times and comments in pax headers', async () => {
    await using bench = await openBench();
    const archive = tarGz(
      tarMember(
        { name: 'pax_global_header', type: 'g' },
        paxRecord('comment', 'e83c5163316f89bfbde7d9ab23ca2e25604af290'),
      ),
      tarMember({ name: 'x', type: 'x' }, paxRecord('mtime', '1750000000.123') + paxRecord('LIBARCHIVE.xattr.a', 'YQ')),
      good,
    );
    expect(await bench.unpack(archive)).toHaveLength(1);
  });

  test('made by GNU tar is one', async () => {
    await using bench = await openBench();
    const gnu = Buffer.from(tarHeader({ name: 'dockmesh', size: 3 }));
    gnu.write('ustar  \0', 257);
    gnu.fill(' ', 148, 156);
    gnu.write(
      `${gnu
        .reduce((total, byte) => total + byte, 0)
        .toString(8)
        .padStart(6, '0')}\0 `,
      148,
    );
    const unpacked = await bench.unpack(tarGz(Buffer.concat([gnu, Buffer.from('abc'), Buffer.alloc(509)])));
    expect(unpacked[0]?.digest.sha256).toBe(sha256('abc'));
  });
});

const file = (name: string | Buffer) => tarMember({ name }, 'evil');
const link = (name: string, linkName: string, type = '2') => tarMember({ name, type, linkName });
const pax = (...records: readonly (readonly [string, string])[]) =>
  tarMember({ name: 'PaxHeader/x', type: 'x' }, records.map(([key, value]) => paxRecord(key, value)).join(''));

describe('a hostile archive writes nothing: E_ARCHIVE_UNSAFE', () => {
  test.each<[what: string, members: readonly Buffer[]]>([
    ['a climb', [file('../x'), good]],
    ['a climb behind the wanted member', [good, file('../x')]],
    ['a climb in the middle', [good, file('a/../../x')]],
    ['a climb that comes back', [file('a/../dockmesh')]],
    ['an absolute name', [file('/etc/cron.d/x'), good]],
    ['a climb by pax', [pax(['path', '../x']), file('ok'), good]],
    ['an absolute name by GNU long name', [tarMember({ name: 'x', type: 'L' }, '/etc/x\0'), file('ok'), good]],
    ['a climb by prefix', [tarMember({ name: 'x', prefix: '..' }, 'evil'), good]],
    ['a name with a line end', [file('a\nb'), good]],
    ['a name with an escape', [file('\x1b[2Jx'), good]],
    ['a name with NUL by pax', [pax(['path', 'dockmesh\0.txt']), file('ok'), good]],
    ['a name with NUL by GNU long name', [tarMember({ name: 'x', type: 'L' }, 'dockmesh\0evil\0'), file('ok'), good]],
    ['a name that is no UTF-8', [file(Buffer.from([0x61, 0xff])), good]],
    ['a name with backslashes', [file('..\\x'), good]],
    ['a symbolic link for the wanted member', [link('dockmesh', '/bin/sh')]],
    ['a hard link for the wanted member', [link('dockmesh', 'other', '1')]],
    ['a link that leads out', [link('docs', '/etc'), good]],
    ['a link that climbs', [link('docs', '../../etc'), good]],
    ['a hard link that leads out', [link('x', '/etc/shadow', '1'), good]],
    ['a link that leads out by pax', [pax(['linkpath', '/etc']), link('docs', 'ok'), good]],
    [
      'a link that leads out by GNU long link',
      [tarMember({ name: 'x', type: 'K' }, '/etc\0'), link('docs', 'ok'), good],
    ],
    ['a link with a body', [tarMember({ name: 'docs', type: '2', linkName: 'x' }, 'body'), good]],
    ['a file with a link target', [tarMember({ name: 'x', linkName: '/etc/shadow' }, 'x'), good]],
    ['a folder for the wanted member', [tarMember({ name: 'dockmesh/', type: '5' })]],
    ['a folder with a body', [tarMember({ name: 'docs/', type: '5' }, 'body'), good]],
    ['a character device', [tarMember({ name: 'null', type: '3' }), good]],
    ['a block device for the wanted member', [tarMember({ name: 'dockmesh', type: '4' })]],
    ['a FIFO', [tarMember({ name: 'pipe', type: '6' }), good]],
    ['a sparse file', [tarMember({ name: 'dockmesh', type: 'S' }, 'x')]],
    ['a member of no known type', [tarMember({ name: 'dockmesh', type: 'Z' }, 'x')]],
    ['a multi-volume continuation', [tarMember({ name: 'dockmesh', type: 'M' }, 'x')]],
    ['two of the wanted member', [good, file('dockmesh')]],
    ['two of the wanted member, spelt differently', [good, file('./dockmesh')]],
    ['an odd spelling', [file('././dockmesh')]],
    ['another odd spelling', [file('.//dockmesh')]],
    ['a pax size', [pax(['size', '1']), good]],
    ['a sparse map by pax', [pax(['GNU.sparse.name', 'dockmesh']), good]],
    ['two paths in a pax header', [pax(['path', 'a'], ['path', 'dockmesh']), good]],
    ['two pax headers for a member', [pax(['path', 'a']), pax(['path', 'b']), good]],
    ['a pax and a GNU name for a member', [pax(['path', 'a']), tarMember({ name: 'x', type: 'L' }, 'b\0'), good]],
    ['a global header that names members', [tarMember({ name: 'x', type: 'g' }, paxRecord('path', 'dockmesh')), good]],
    ['a broken pax record', [tarMember({ name: 'x', type: 'x' }, '99 path=a\n'), good]],
    ['a pax record that hides another', [tarMember({ name: 'x', type: 'x' }, '20 path=a\n11 path=b\n'), good]],
    ['a pax header without end', [tarMember({ name: 'x', type: 'x' }, randomBytes(70_000)), good]],
    ['a set-uid file', [tarMember({ name: 'dockmesh', mode: 0o4755 }, 'x')]],
    ['a set-gid file that nobody wants', [good, tarMember({ name: 'x', mode: 0o2755 }, 'x')]],
    ['the wanted name in another case', [good, file('DockMesh')]],
    ['a name longer than any path', [pax(['path', `${'a/'.repeat(2100)}x`]), file('ok'), good]],
    ['a part of a name longer than any file', [pax(['path', 'ä'.repeat(128)]), file('ok'), good]],
    ['a second archive behind the first', [good, TAR_END, file('dockmesh')]],
  ])('%s', async (_, members) => {
    await using bench = await openBench();
    const error = await refusalOf(() => bench.unpack(tarGz(...members)));
    expect(error.code).toBe('E_ARCHIVE_UNSAFE');
    expect(exitOf(error)).toBe(6);
    expect(await readdir(bench.out)).toEqual([]);
    // A name out of the archive must not drive the terminal it is shown on.
    expect(/\p{Cc}/u.test(error.message)).toBe(false);
  });

  test.each<[what: string, archive: Buffer, options: Parameters<typeof unpack>[3]]>([
    ['a bomb by ratio', tarGz(tarMember({ name: 'dockmesh' }, Buffer.alloc(20_000_000))), {}],
    ['a bomb by size', tarGz(tarMember({ name: 'dockmesh' }, randomBytes(2_000_000))), { maxBytes: 1_000_000 }],
    ['a member that says it is larger than any', tarGz(tarHeader({ name: 'x', size: 8_000_000_000 }), good), {}],
    [
      'ten thousand and one members',
      tarGz(...Array.from({ length: 10_001 }, (_, index) => tarHeader({ name: `${index}` }))),
      { maxRatio: 1e6 },
    ],
    ['headers without end', tarGz(...Array.from({ length: 50 }, () => pax(['mtime', '1']))), { maxMembers: 40 }],
  ])('%s', async (_, archive, options) => {
    await using bench = await openBench();
    const error = await refusalOf(() => bench.unpack(archive, options));
    expect(error.code).toBe('E_ARCHIVE_UNSAFE');
    expect(await readdir(bench.out)).toEqual([]);
  });
});

const whole = tarGz(good);
const size = (...bytes: readonly number[]) => Buffer.from(bytes);

describe('what is no sound archive: E_ARCHIVE_INVALID', () => {
  test.each<[what: string, archive: Buffer, saw: string]>([
    ['nothing', Buffer.alloc(0), 'an empty file'],
    ['a page', Buffer.from('<!DOCTYPE html><html></html>'), 'an HTML page'],
    ['zstd', zstdCompressSync(tar(good)), 'a zstd archive'],
    ['a bare tar', tar(good), 'expected a gzip archive'],
    ['noise', randomBytes(5000).fill(7, 0, 2), 'expected a gzip archive'],
    ['gzip of noise', gzipSync(Buffer.alloc(2000, 7)), 'expected a tar archive'],
    ['gzip of nothing', gzipSync(''), 'an empty file inside'],
    ['gzip of gzip', gzipSync(whole), 'a gzip archive inside'],
    ['gzip of a page', gzipSync('<html>'.repeat(200)), 'an HTML page inside'],
    ['gzip cut short', whole.subarray(0, whole.length - 3000), 'Z_BUF_ERROR'],
    ['gzip cut in its header', whole.subarray(0, 5), 'Z_BUF_ERROR'],
    ['gzip with a flipped bit', Buffer.from(whole).fill(0, 5000, 5004), 'Z_DATA_ERROR'],
    ['gzip with a wrong checksum', Buffer.from(whole).fill(0, whole.length - 8, whole.length - 4), 'Z_DATA_ERROR'],
    ['gzip with a tail', Buffer.concat([whole, Buffer.from('tail')]), 'Z_DATA_ERROR'],
    ['gzip with a tail of zeros', Buffer.concat([whole, Buffer.alloc(4)]), '4 bytes behind the end'],
    ['gzip with a long tail', Buffer.concat([whole, Buffer.alloc(2_000_000)]), 'bytes behind the end'],
    ['tar cut in a body', gzipSync(tar(good).subarray(0, 100_000)), 'before its end'],
    [
      'tar cut in a header',
      gzipSync(Buffer.concat([good, tarHeader({ name: 'x' }).subarray(0, 100)])),
      'a cut archive',
    ],
    ['tar cut between members', gzipSync(good), 'a cut archive'],
    ['tar with half an end', gzipSync(Buffer.concat([good, Buffer.alloc(512)])), 'a cut archive'],
    ['a header with a wrong checksum', tarGz(good, tarHeader({ name: 'x', checksum: 1 })), 'a wrong checksum'],
    ['a negative size', tarGz(good, tarHeader({ name: 'x', rawSize: Buffer.alloc(12, 0xff) })), 'without a size'],
    [
      'a size beyond numbers',
      tarGz(good, tarHeader({ name: 'x', rawSize: size(0x80, ...Array(11).fill(0xff)) })),
      'out of range',
    ],
    ['a size that is no number', tarGz(good, tarHeader({ name: 'x', rawSize: Buffer.from('abc') })), 'without a size'],
    ['an extended header for nobody', tarGz(good, pax(['path', 'a'])), 'without a member'],
    [
      'an archive without the wanted member',
      tarGz(file('other'), file('more')),
      'no dockmesh in it: it holds "other", "more"',
    ],
    ['an empty archive', tarGz(), 'it holds nothing'],
  ])('%s', async (_, archive, saw) => {
    await using bench = await openBench();
    const error = await refusalOf(() => bench.unpack(archive));
    expect(error.message).toContain(saw);
    expect(error.code).toBe('E_ARCHIVE_INVALID');
    expect(exitOf(error)).toBe(6);
    expect(await readdir(bench.out)).toEqual([]);
  });
});

test('a file that was changed since it was verified is refused before anything is written', async () => {
  await using bench = await openBench();
  const archive = tarGz(good);
  const artifact = await bench.artifact(archive);
  // The time in the gzip header: as sound and as long as before, and another file.
  await writeFile(artifact.path, Buffer.from(archive).fill(1, 4, 8));
  const wanted = [{ name: 'dockmesh', to: join(bench.out, 'x'), owner: { mode: 0o755 } }];
  const error = await refusalOf(() => unpack(bench.shop.host.files, artifact, wanted));
  expect(error.code).toBe('E_DIGEST_MISMATCH');
  expect(await readdir(bench.out)).toEqual([]);
});

test('a link that lies in wait at the target is not written through', async () => {
  await using bench = await openBench();
  const victim = await bench.shop.put('victim', 'untouched');
  await symlink(victim, join(bench.out, 'member-0'));
  await refusalOf(() => bench.unpack(tarGz(good)));
  expect(await readFile(victim, 'utf8')).toBe('untouched');
});

test('stops when asked to', async () => {
  await using bench = await openBench();
  const stop = AbortSignal.abort(new Error('stopped'));
  await expect(bench.unpack(tarGz(good), { stop })).rejects.toThrow('stopped');
  expect(await readdir(bench.out)).toEqual([]);
});

test('no header does worse than a coded refusal, and nothing is written outside', async () => {
  await using bench = await openBench();
  const name = fc.oneof(
    fc.constantFrom('dockmesh', './dockmesh', '../dockmesh', '/dockmesh', 'dockmesh/', 'a/../dockmesh'),
    fc.string({ unit: 'binary', maxLength: 100 }),
  );
  const header = fc.record({
    name,
    type: fc.constantFrom('0', '1', '2', '3', '5', '6', '7', 'x', 'g', 'L', 'K', 'S', '\0', 'N', 'X'),
    linkName: fc.constantFrom('', '', 'x', '/etc/passwd', '../x'),
    prefix: fc.constantFrom('', '', '..', 'a'),
    mode: fc.constantFrom(0o644, 0o4755),
  });
  const member = fc
    .tuple(header, fc.uint8Array({ maxLength: 700 }))
    .map(([fields, body]) => tarMember(fields, Buffer.from(body)));
  const flip = fc.option(fc.tuple(fc.nat(4000), fc.nat(255)));
  let at = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(member, { maxLength: 4 }), flip, async (members, flipped) => {
      const bytes = tar(...members);
      if (flipped !== null) bytes[flipped[0] % bytes.length] = flipped[1];
      const artifact = await bench.artifact(gzipSync(bytes));
      const to = join(bench.out, `${at++}`);
      try {
        const unpacked = await unpack(bench.shop.host.files, artifact, [
          { name: 'dockmesh', to, owner: { mode: 0o700 } },
        ]);
        expect(unpacked).toHaveLength(1);
        expect((await stat(to)).mode & 0o7777).toBe(0o700);
      } catch (error) {
        expect(error).toBeInstanceOf(RefitError);
        await expect(stat(to)).rejects.toThrow('ENOENT');
      }
      expect(await readdir(bench.shop.folder)).toEqual(['a.tar.gz', 'out']);
    }),
    { numRuns: 150 },
  );
});
