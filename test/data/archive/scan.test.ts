import { describe, expect, test } from 'vitest';
import { scanned } from '../../../src/data/archive/scan.ts';

interface Given {
  readonly name: string;
  readonly type?: string;
  readonly link?: string;
  readonly body?: string;
  readonly prefix?: string;
}

/** One member, as POSIX's ustar has it. */
function member({ name, type = '0', link = '', body = '', prefix = '' }: Given): Buffer {
  const header = Buffer.alloc(512);
  header.write(name, 0, 100, 'latin1');
  header.write('0000644\0', 100);
  header.write(`${Buffer.byteLength(body).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(type, 156);
  header.write(link, 157, 100, 'latin1');
  header.write('ustar\x0000', 257, 'latin1');
  header.write(prefix, 345, 155, 'latin1');
  header.fill(32, 148, 156);
  header.write(
    `${header
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, '0')}\0 `,
    148,
  );
  const padded = Buffer.alloc(Math.ceil(Buffer.byteLength(body) / 512) * 512);
  padded.write(body);
  return Buffer.concat([header, padded]);
}

function pax(fields: Readonly<Record<string, string>>): Buffer {
  const body = Object.entries(fields)
    .map(([key, value]) => {
      const rest = ` ${key}=${value}\n`;
      let size = rest.length;
      while (String(size).length + rest.length !== size) size = String(size).length + rest.length;
      return `${size}${rest}`;
    })
    .join('');
  return member({ name: 'tree/PaxHeaders/x', type: 'x', body });
}

const END = Buffer.alloc(1024);

/** What was handed on, in pieces of every awkward size, and how it ended. */
async function scan(
  archive: Buffer,
  piece = archive.length,
): Promise<{ handed: Buffer; members?: number; error?: unknown }> {
  const parts = async function* () {
    for (let at = 0; at < archive.length; at += piece) yield archive.subarray(at, at + piece);
  };
  const handed: Uint8Array[] = [];
  const all = scanned(parts(), 'it');
  try {
    for (;;) {
      const next = await all.next();
      if (next.done === true) return { handed: Buffer.concat(handed), members: next.value };
      handed.push(next.value);
    }
  } catch (error) {
    return { handed: Buffer.concat(handed), error };
  }
}

const GOOD = Buffer.concat([
  member({ name: 'run', body: 'id\n' }),
  pax({ path: `tree/${'x'.repeat(300)}`, 'SCHILY.xattr.user.a': 'b' }),
  member({ name: 'tree/short', body: 'y'.repeat(700) }),
  member({ name: 'tree/dir/', type: '5' }),
  member({ name: 'tree/link', type: '2', link: '/etc/passwd' }),
  member({ name: 'tree/again', type: '1', link: 'tree/short' }),
  member({ name: 'tree/fifo', type: '6' }),
  END,
]);

test.each([1, 7, 511, 512, 513, 100_000])('handed on as it is, in pieces of %d', async (piece) => {
  expect(await scan(GOOD, piece)).toEqual({ handed: GOOD, members: 6 });
});

describe('never handed on', () => {
  test.each<[string, Buffer[]]>([
    ['a name that leads out', [member({ name: '../etc/passwd', body: 'x' })]],
    ['one that leads out further down', [member({ name: 'tree/a/../../../etc/passwd' })]],
    ['an absolute name', [member({ name: '/etc/passwd' })]],
    ['a name in a prefix that leads out', [member({ name: 'passwd', prefix: 'tree/../../etc' })]],
    ['a name that is none of a generation', [member({ name: 'etc/passwd' })]],
    ['a name of dots', [member({ name: './tree/a' })]],
    ['no name', [member({ name: '' })]],
    ['an extended name that leads out', [pax({ path: 'tree/../../x' }), member({ name: 'tree/ok' })]],
    ['a sparse name that leads out', [pax({ 'GNU.sparse.name': '../x' }), member({ name: 'tree/ok' })]],
    [
      'a sparse name, whatever path says after it',
      [pax({ 'GNU.sparse.name': '../x', path: 'tree/ok' }), member({ name: 'tree/ok' })],
    ],
    ['a hard link to outside', [member({ name: 'tree/a', type: '1', link: '/etc/shadow' })]],
    [
      'an extended hard link to outside',
      [pax({ linkpath: '../x' }), member({ name: 'tree/a', type: '1', link: 'tree/b' })],
    ],
    ['a character device', [member({ name: 'tree/null', type: '3' })]],
    ['a block device', [member({ name: 'tree/sda', type: '4' })]],
    ["GNU's long name", [member({ name: 'tree/L', type: 'L', body: '/etc/passwd\0' })]],
    ['a header for all that follow', [member({ name: 'tree/g', type: 'g', body: '10 path=x\n' })]],
    ['a link with a body', [member({ name: 'tree/l', type: '2', link: 'x', body: 'header?' })]],
  ])('%s', async (_, members) => {
    const hostile = Buffer.concat(members);
    const good = member({ name: 'tree/first' });
    const { handed, error } = await scan(Buffer.concat([good, hostile, END]), 512);
    expect(error).toMatchObject({ code: 'E_ARCHIVE_UNSAFE' });
    expect(handed.length).toBeLessThan(good.length + hostile.length);
  });

  test.each<[string, Buffer]>([
    ['a wrong checksum', Buffer.concat([Buffer.alloc(512, 'x'), END])],
    ['an end in the middle of a body', member({ name: 'tree/a', body: 'y'.repeat(700) }).subarray(0, 900)],
    ['an end in the middle of a header', member({ name: 'tree/a' }).subarray(0, 300)],
    ['no end', member({ name: 'tree/a' })],
    ['nothing', Buffer.alloc(0)],
    ['more after the end', Buffer.concat([END, member({ name: 'tree/a' })])],
    ['broken attributes', Buffer.concat([member({ name: 'tree/x', type: 'x', body: '99 path=a\n' }), END])],
    ['a NUL in a name', Buffer.concat([pax({ path: 'tree/a\0/../..' }), member({ name: 'tree/a' }), END])],
    ['a size that is none', Buffer.concat([pax({ size: '-1' }), member({ name: 'tree/a' }), END])],
  ])('damaged: %s', async (_, archive) => {
    expect((await scan(archive)).error).toMatchObject({ code: 'E_ARCHIVE_INVALID' });
  });

  test('a size of the extended header is the one that counts', async () => {
    const body = member({ name: '../hidden' });
    const inside = member({ name: 'tree/a', body: body.toString('latin1') });
    expect((await scan(Buffer.concat([inside, END]))).members).toBe(1);
    const shrunk = Buffer.concat([pax({ size: '0' }), inside, END]);
    expect((await scan(shrunk)).error).toMatchObject({ code: 'E_ARCHIVE_UNSAFE' });
  });
});
