import { randomBytes } from 'node:crypto';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { paxRecord, TAR_END, tar, tarGz, tarHeader, tarMember } from '../../../release/tarball.ts';

/** An archive that its publisher vouches for: its digest is right. */
export interface ArchiveCase {
  readonly name: string;
  readonly archive: Buffer;
  readonly code: 'E_ARCHIVE_UNSAFE' | 'E_ARCHIVE_INVALID' | 'E_ARCH_MISMATCH';
  readonly saw: RegExp;
}

const server = tarMember({ name: 'sample' }, '#!/bin/sh\n');
const file = (name: string | Buffer) => tarMember({ name }, 'evil');
const link = (name: string, linkName: string, type = '2') => tarMember({ name, type, linkName });
const pax = (...records: readonly (readonly [string, string])[]) =>
  tarMember({ name: 'PaxHeader/x', type: 'x' }, records.map(([key, value]) => paxRecord(key, value)).join(''));
const gnuName = (name: string) => tarMember({ name: 'x', type: 'L' }, `${name}\0`);

const unsafe = (name: string, saw: RegExp, ...members: readonly Buffer[]): ArchiveCase => ({
  name,
  archive: tarGz(...members),
  code: 'E_ARCHIVE_UNSAFE',
  saw,
});
const invalid = (name: string, saw: RegExp, archive: Buffer): ArchiveCase => ({
  name,
  archive,
  code: 'E_ARCHIVE_INVALID',
  saw,
});

const OUTSIDE = /a name that leads outside/;
const LEADS_OUT = /a link that leads outside/;
const CONTROL = /a name with control characters/;

export const ARCHIVES: readonly ArchiveCase[] = [
  unsafe('a climb', OUTSIDE, file('../x'), server),
  unsafe('a climb behind the server', OUTSIDE, server, file('a/../../x')),
  unsafe('a climb by pax', OUTSIDE, pax(['path', '../x']), file('ok'), server),
  unsafe('an absolute name', OUTSIDE, file('/etc/cron.d/x'), server),
  unsafe('an absolute name by GNU long name', OUTSIDE, gnuName('/etc/x'), file('ok'), server),
  unsafe('a symbolic link out', LEADS_OUT, link('docs', '/etc'), server),
  unsafe('a symbolic link that climbs', LEADS_OUT, link('docs', '../../etc'), server),
  unsafe('a symbolic link in the place of the server', /a link in place of a file/, link('sample', 'other')),
  unsafe('a hard link out', LEADS_OUT, link('x', '/etc/shadow', '1'), server),
  unsafe('a hard link in the place of the server', /a link in place of a file/, link('sample', 'other', '1')),
  unsafe('a link out by pax', LEADS_OUT, pax(['linkpath', '/etc']), link('docs', 'ok'), server),
  unsafe('a character device', /CharacterDevice/, tarMember({ name: 'null', type: '3' }), server),
  unsafe('a block device', /BlockDevice/, tarMember({ name: 'sda', type: '4' }), server),
  unsafe('a FIFO', /FIFO/, tarMember({ name: 'pipe', type: '6' }), server),
  unsafe('a set-uid server', /set-uid/, tarMember({ name: 'sample', mode: 0o4755 }, 'x')),
  unsafe('a set-gid file', /set-uid/, server, tarMember({ name: 'x', mode: 0o2755 }, 'x')),
  unsafe('two servers', /two members of one name/, server, file('sample')),
  unsafe('two servers, spelt differently', /two members of one name/, server, file('./sample')),
  unsafe('a server in another case', /sample in another case/, server, file('Sample')),
  unsafe('a very long name', /a name that is too long/, pax(['path', 'x'.repeat(300)]), file('ok'), server),
  unsafe('a name without end', /an extended header of 70000 bytes/, gnuName('x'.repeat(69_999)), file('ok'), server),
  unsafe('a sparse file', /a member of type/, tarMember({ name: 'sample', type: 'S' }, 'x')),
  unsafe('a sparse file by pax', /overrides GNU\.sparse\.name/, pax(['GNU.sparse.name', 'sample']), server),
  unsafe('a size overridden by pax', /overrides size/, pax(['size', '1']), server),
  unsafe('two pax headers', /two extended headers/, pax(['path', 'a']), pax(['path', 'sample']), server),
  unsafe('a member of 3 GiB', /a member of 3221225472 bytes/, tarHeader({ name: 'x', size: 3 * 1024 ** 3 }), server),
  unsafe(
    'a member of 9 GiB, in base 256',
    /a member of 9663676416 bytes/,
    tarHeader({ name: 'x', rawSize: Buffer.from([0x80, 0, 0, 0, 0, 0, 0, 2, 0x40, 0, 0, 0]) }),
    server,
  ),
  unsafe('a name with NUL', CONTROL, pax(['path', 'sample\0.txt']), file('ok'), server),
  unsafe('a name with a line end', CONTROL, file('a\nb'), server),
  unsafe('a name with an escape', CONTROL, file('\x1b[2Jx'), server),
  unsafe('a second archive behind the first', /behind the end/, server, TAR_END, file('sample')),
  {
    name: 'a gzip bomb',
    archive: tarGz(tarMember({ name: 'sample' }, Buffer.alloc(20_000_000))),
    code: 'E_ARCHIVE_UNSAFE',
    saw: /more than \d+ unpacked bytes/,
  },
  invalid('gzip cut short', /Z_BUF_ERROR/, tarGz(tarMember({ name: 'sample' }, randomBytes(9000))).subarray(0, 5000)),
  invalid('a zstd archive by that name', /a zstd archive, expected a gzip archive/, zstdCompressSync(tar(server))),
  invalid('gzip with a tail', /behind the end|Z_DATA_ERROR/, Buffer.concat([tarGz(server), Buffer.alloc(9)])),
  invalid('tar cut between members', /a cut archive/, gzipSync(server)),
  invalid('a header with a wrong checksum', /a wrong checksum/, tarGz(server, tarHeader({ name: 'x', checksum: 1 }))),
  invalid('an archive without the server', /no sample, /, tarGz(file('other'))),
];
