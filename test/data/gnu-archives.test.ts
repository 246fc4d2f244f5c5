import { execFileSync } from 'node:child_process';
import { link, mkdir, open, readFile, stat, symlink, utimes, writeFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import type { Compression } from '../../src/data/archives.ts';
import type { DataItem } from '../../src/data/data.ts';
import { gnuArchives } from '../../src/data/gnu-archives.ts';
import { gnuData } from '../../src/data/gnu-data.ts';
import { faultyEffects } from '../../src/host/faults.ts';
import { atEveryKill, listing, realHost, scratch } from './workbench.ts';

const host = realHost();
const data = gnuData(host);
const archives = gnuArchives(host);
const isRoot = process.getuid?.() === 0;

/** Everything a name, a file and a link can be. */
async function oddData(dir: string): Promise<void> {
  await mkdir(`${dir}/data/deep/${'d'.repeat(200)}`, { recursive: true });
  await writeFile(`${dir}/data/deep/${'d'.repeat(200)}/${'f'.repeat(240)}`, 'long');
  await writeFile(Buffer.from(`${dir}/data/\xff\xfe\n\\ "x`, 'latin1'), 'bytes');
  await writeFile(`${dir}/data/-rf`, 'an option?');
  await writeFile(`${dir}/data/setuid`, 'x', { mode: 0o4755 });
  await symlink('/etc/passwd', `${dir}/data/absolute`);
  await symlink('../../nowhere', `${dir}/data/dangling`);
  await link(`${dir}/data/setuid`, `${dir}/data/same`);
  const sparse = await open(`${dir}/data/sparse`, 'w');
  await sparse.write('begin', 0);
  await sparse.write('end', 64 * 1024 * 1024);
  await sparse.close();
  execFileSync('mkfifo', [`${dir}/data/fifo`]);
  execFileSync('setfattr', ['-n', 'user.note', '-v', 'kept', `${dir}/data/setuid`]);
  execFileSync('setfacl', ['-m', 'u:12345:r', `${dir}/data/-rf`]);
  if (isRoot) execFileSync('chown', ['12:34', `${dir}/data/same`]);
  await utimes(`${dir}/data/-rf`, 1, 1.25);
}

async function generationOf(dir: string) {
  const items: DataItem[] = [{ path: `${dir}/data`, kind: 'directory' }];
  const generation = { id: 'g', root: `${dir}/g` };
  const { manifestSha256 } = await data.copy(items, generation);
  await writeFile(`${generation.root}/run`, 'g\n');
  return { items, generation, manifestSha256 };
}

test.each<Compression>(['zstd', 'gzip'])(
  '%s: what comes out is what went in, whatever its names and kinds',
  async (compression) => {
    const dir = await scratch();
    await oddData(dir);
    const { generation, manifestSha256 } = await generationOf(dir);
    const file = { path: `${dir}/archive`, compression };
    const { bytes, sha256, members } = await archives.make(generation, file);
    expect({ size: bytes, sha256 }).toEqual(await host.files.digest(file.path));
    expect({ mode: (await stat(file.path)).mode & 0o777, part: await host.files.stat(`${file.path}.part`) }).toEqual({
      mode: 0o600,
      part: undefined,
    });
    const other = { id: 'g', root: `${dir}/other` };
    await archives.unpack(file, other, { sha256, manifestSha256 });
    expect(listing(`${other.root}/tree`)).toEqual(
      listing(`${generation.root}/tree`).map((line) => line.replaceAll(generation.root, other.root)),
    );
    expect(members).toBe(listing(generation.root).filter((line) => /\|[fdlp]\|/.test(line)).length - 1);
    const at = `${other.root}/tree${dir}/data`;
    expect(
      execFileSync('getfattr', ['--absolute-names', '--only-values', '-n', 'user.note', `${at}/setuid`], {
        encoding: 'utf8',
      }),
    ).toBe('kept');
    expect(execFileSync('getfacl', ['--absolute-names', '-n', `${at}/-rf`], { encoding: 'utf8' })).toContain(
      'user:12345:r--',
    );
    expect((await stat(`${at}/sparse`)).blocks).toBeLessThan(64);
    expect(await readFile(`${at}/deep/${'d'.repeat(200)}/${'f'.repeat(240)}`, 'utf8')).toBe('long');
  },
);

test.each([
  ['zstd', '--zstd'],
  ['gzip', '--gzip'],
] as const)('%s: any tar reads it, and the same data is the same archive', async (compression, option) => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  // More than one block, each a frame of its own.
  await writeFile(`${dir}/data/large`, Buffer.alloc(5 * 1024 * 1024, 'large'));
  const { generation } = await generationOf(dir);
  const made = await archives.make(generation, { path: `${dir}/a`, compression });
  expect(await archives.make(generation, { path: `${dir}/b`, compression })).toMatchObject({ sha256: made.sha256 });
  const names = execFileSync('tar', ['--list', option, '--file', `${dir}/a`], { encoding: 'utf8' });
  expect(names).toContain(`tree${dir}/data/large`);
  await archives.unpack({ path: `${dir}/a`, compression }, { id: 'g', root: `${dir}/other` }, made);
  expect(await readFile(`${dir}/other/tree${dir}/data/large`)).toHaveLength(5 * 1024 * 1024);
});

describe('damage is found, and nothing is left', () => {
  async function archive() {
    const dir = await scratch();
    await mkdir(`${dir}/data`);
    await writeFile(`${dir}/data/file`, Buffer.from(Array.from({ length: 100_000 }, (_, i) => (i * 7919) % 251)));
    const { generation, manifestSha256 } = await generationOf(dir);
    const file = { path: `${dir}/archive`, compression: 'zstd' } as const;
    const { sha256 } = await archives.make(generation, file);
    const other = { id: 'g', root: `${dir}/other` };
    return { dir, generation, manifestSha256, file, sha256, other, bytes: await readFile(file.path) };
  }

  test('a flipped bit anywhere', async () => {
    const { file, other, bytes, sha256 } = await archive();
    for (let at = 0; at < bytes.length; at += Math.ceil(bytes.length / 20)) {
      const flipped = Buffer.from(bytes);
      flipped[at] = (flipped[at] ?? 0) ^ 4;
      await writeFile(file.path, flipped);
      const unpacking = archives.unpack(file, other, { sha256 });
      await expect(unpacking).rejects.toMatchObject({
        code: expect.stringMatching(/^E_(ARCHIVE_INVALID|ARCHIVE_UNSAFE|DIGEST_MISMATCH)$/),
      });
      expect(await host.files.stat(other.root)).toBeUndefined();
    }
  });

  test.each([0, 1, 100, 0.5, 0.9])('an archive cut at %d', async (share) => {
    const { file, other, bytes } = await archive();
    await writeFile(file.path, bytes.subarray(0, share < 1 ? Math.floor(bytes.length * share) : share));
    await expect(archives.unpack(file, other)).rejects.toMatchObject({ code: 'E_ARCHIVE_INVALID' });
    expect(await host.files.stat(other.root)).toBeUndefined();
  });

  test('an archive cut in its last bytes, by its digest', async () => {
    const { file, other, bytes, sha256 } = await archive();
    await writeFile(file.path, bytes.subarray(0, -1));
    const unpacking = archives.unpack(file, other, { sha256 });
    await expect(unpacking).rejects.toMatchObject({
      code: expect.stringMatching(/^E_(ARCHIVE_INVALID|DIGEST_MISMATCH)$/),
    });
  });

  test('another manifest in it', async () => {
    const { generation, file, other, manifestSha256 } = await archive();
    const path = `${generation.root}/manifest.json`;
    await writeFile(path, `${await readFile(path, 'utf8')} `);
    await archives.make(generation, file);
    await archives.unpack(file, other);
    await expect(archives.unpack(file, other, { manifestSha256 })).rejects.toMatchObject({ code: 'E_DIGEST_MISMATCH' });
  });

  test('a file that is not the one in its manifest is named', async () => {
    const { dir, generation, file, other } = await archive();
    await writeFile(`${generation.root}/tree${dir}/data/file`, 'another');
    await archives.make(generation, file);
    await expect(archives.unpack(file, other)).rejects.toMatchObject({
      code: 'E_DIGEST_MISMATCH',
      message: expect.stringContaining('file'),
    });
  });

  test('no manifest in it though one is expected', async () => {
    const { generation, file, other, manifestSha256 } = await archive();
    await host.files.remove(`${generation.root}/manifest.json`);
    await archives.make(generation, file);
    await expect(archives.unpack(file, other, { manifestSha256 })).rejects.toMatchObject({ code: 'E_NOT_FOUND' });
  });
});

test('a device is refused before it is in an archive', async () => {
  if (!isRoot) return expect(isRoot).toBe(false);
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  const { generation } = await generationOf(dir);
  execFileSync('mknod', [`${generation.root}/tree/null`, 'c', '1', '3']);
  const file = { path: `${dir}/archive`, compression: 'zstd' } as const;
  await expect(archives.make(generation, file)).rejects.toMatchObject({ code: 'E_ARCHIVE_UNSAFE' });
  expect(await host.files.list(dir)).toEqual(['data', 'g']);
});

test('killed after any effect, a second call makes it, and nothing else is left', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, 'x');
  const { generation } = await generationOf(dir);
  const file = { path: `${dir}/archive`, compression: 'zstd' } as const;
  const effects = await atEveryKill(
    (mortal) => gnuArchives(mortal).make(generation, file),
    async () => {
      const { sha256 } = await archives.make(generation, file);
      expect(await host.files.digest(file.path)).toMatchObject({ sha256 });
      expect(await host.files.list(dir)).toEqual(['archive', 'data', 'g']);
    },
  );
  expect(effects).toBeGreaterThan(2);
});

test.each(['before', 'middle'] as const)('a disk that is full %s: told, and nothing is left', async (when) => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  const { generation } = await generationOf(dir);
  // The first removes what an earlier call left; the second writes.
  const full = realHost(faultyEffects({ failAt: { n: 2, errno: 'ENOSPC', when } }));
  const making = gnuArchives(full).make(generation, { path: `${dir}/archive`, compression: 'zstd' });
  await expect(making).rejects.toMatchObject({ code: 'E_NO_SPACE' });
  expect(await host.files.list(dir)).toEqual(['data', 'g']);
});

test('a reader that goes away ends it', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  await writeFile(`${dir}/data/file`, Buffer.alloc(32 * 1024 * 1024, 'x'));
  const { generation } = await generationOf(dir);
  for await (const part of archives.stream(generation, 'zstd')) {
    expect(part.length).toBeGreaterThan(0);
    break;
  }
});

test('asked to stop, it says why and leaves nothing', async () => {
  const dir = await scratch();
  await mkdir(`${dir}/data`);
  const { generation } = await generationOf(dir);
  const why = new Error('as asked');
  const file = { path: `${dir}/archive`, compression: 'zstd' } as const;
  await expect(archives.make(generation, file, { stop: AbortSignal.abort(why) })).rejects.toBe(why);
  expect(await host.files.list(dir)).toEqual(['data', 'g']);
});
