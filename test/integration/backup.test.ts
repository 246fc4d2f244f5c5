import { execFileSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { readDatabase } from '../system/support/database.ts';
import { errorOf, expectError, leftovers, look } from './support/outcome.ts';
import { NEW, OLD, openScene, REFIT, type Scene } from './support/scene.ts';
import { digestOf, treeOf } from './support/tree.ts';

interface Listed {
  readonly id: string;
  readonly kind: string;
  readonly version: string;
  readonly path: string;
  readonly proven: boolean;
}

async function backups(scene: Scene): Promise<readonly Listed[]> {
  const { exit, stdout } = await scene.refit(['backup', 'list', '-o', 'json']);
  expect(exit).toBe(0);
  return (JSON.parse(stdout) as { backups: readonly Listed[] }).backups;
}

async function upgraded(
  scene: Scene,
  words: readonly string[] = [],
): Promise<Listed & { readonly generation: string }> {
  expect(await scene.upgrade(['--to', NEW, ...words])).toMatchObject({ exit: 0 });
  const [first, second] = await backups(scene);
  if (first === undefined) throw new Error('no backup was made');
  return { ...first, generation: second?.path ?? first.path };
}

const visit = (scene: Scene, note: string) =>
  fetch(`${scene.installed.url}/api/v1/sample/visit`, { method: 'POST', body: JSON.stringify({ note }) });

function flip(file: string, at: number): void {
  const bytes = fs.readFileSync(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  fs.writeFileSync(file, bytes);
}

test('an upgrade archives the copy of before; it is listed, verified, and any tar reads it', async () => {
  await using scene = await openScene();
  expect((await scene.refit(['backup', 'list'])).stdout).toBe('no backups yet\n');
  const before = readDatabase(scene.installed.database);
  const archive = await upgraded(scene);
  expect(await backups(scene)).toMatchObject([
    { id: archive.id, kind: 'archive', version: OLD, proven: false },
    { id: archive.id, kind: 'generation', version: OLD, proven: true },
  ]);
  const { exit, stdout } = await scene.refit(['backup', 'verify', archive.id.slice(-8).toLowerCase()]);
  expect({ exit, stdout }).toEqual({
    exit: 0,
    stdout: expect.stringMatching(
      /^generation of \S+: every file is as it was copied, 1 database opened .*\narchive of \S+: every file is as it was copied, 1 database opened .*\n$/,
    ),
  });
  expect(await backups(scene)).toMatchObject([{ proven: true }, { proven: true }]);
  expect((await scene.refit(['backup', 'list'])).stdout).toMatch(/^ID .*KEPT UNTIL\n01.*archive .*yes .* or longer\n/);
  const out = path.join(scene.directory, 'unpacked');
  fs.mkdirSync(out);
  execFileSync('tar', ['-x', '--zstd', '-f', archive.path, '-C', out]);
  expect(readDatabase(`${out}/tree${scene.installed.database}`)).toEqual(before);
  expect(leftovers(scene)).toEqual([]);
});

test('a flipped bit: told with the place, exit 6, and nothing is lost', async () => {
  await using scene = await openScene();
  const archive = await upgraded(scene);
  const good = fs.readFileSync(archive.path);
  const shelf = treeOf(path.dirname(archive.path));
  flip(archive.path, Math.floor(good.length / 2));
  const verified = await scene.refit(['backup', 'verify', archive.id]);
  expectError(verified, { exit: 6, code: 'E_ARCHIVE_INVALID', saw: /saw damage before byte \d+/, next: 'backup list' });
  const exported = await scene.refit(['backup', 'export', archive.id, '--copy-to', scene.directory, '-o', 'json']);
  expect({ exit: exported.exit, code: errorOf(exported).code }).toEqual({ exit: 6, code: 'E_DIGEST_MISMATCH' });
  expect(fs.readdirSync(scene.directory).sort()).toEqual(['prefix', 'releases']);
  fs.writeFileSync(archive.path, good.subarray(0, -3));
  expect((await scene.refit(['backup', 'verify', archive.id])).exit).toBe(6);
  fs.writeFileSync(archive.path, good);
  expect((await scene.refit(['backup', 'verify', archive.id])).exit).toBe(0);
  const names = (lines: readonly string[]) => lines.length;
  expect(names(treeOf(path.dirname(archive.path)))).toBe(names(shelf));
  const manifest = `${archive.generation}/manifest.json`;
  fs.writeFileSync(manifest, fs.readFileSync(manifest, 'utf8').replace('"format":1', '"format" :1'));
  expectError(await scene.refit(['backup', 'verify', archive.id]), {
    exit: 6,
    code: 'E_DIGEST_MISMATCH',
    saw: 'manifest.json',
    next: 'backup list',
  });
  expect(await scene.answers()).toBe(NEW);
});

test('restore: from the folder, and from the archive alone; what was live is kept, and rollback undoes it', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const archive = await upgraded(scene);
  await visit(scene, 'written after the upgrade');
  const dry = await scene.refit(['backup', 'restore', archive.id, '--dry-run']);
  expect(dry.stdout).toContain(`from    backup ${archive.id}\n`);
  expectError(await scene.refit(['backup', 'restore', archive.id]), {
    exit: 2,
    code: 'E_CONFIRMATION_NEEDED',
    saw: 'not a terminal',
    next: '--yes',
  });
  fs.rmSync(archive.generation, { recursive: true });
  const { exit, stdout } = await scene.refit(['backup', 'restore', archive.id, '--yes']);
  expect({ exit, version: await scene.answers() }).toEqual({ exit: 0, version: OLD });
  expect(stdout).toContain(', from its archive\n');
  const { files: _kept, ...rest } = before;
  const { files: _now, ...now } = await look(scene);
  expect({ ...now, pid: rest.pid }).toEqual(rest);
  expect(fs.existsSync(archive.generation)).toBe(false);
  expect((await backups(scene)).map(({ kind }) => kind).sort()).toEqual(['archive', 'displaced', 'generation']);
  expect(await scene.refit(['rollback', '--yes', '--restore-data'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(NEW);
  expect(JSON.stringify(readDatabase(scene.installed.database))).toContain('written after the upgrade');
  expect(leftovers(scene)).toEqual([]);
});

test('restore of a database that somebody has deleted under a running server', async () => {
  await using scene = await openScene();
  const before = await look(scene);
  const archive = await upgraded(scene);
  for (const end of ['', '-wal', '-shm']) fs.rmSync(`${scene.installed.database}${end}`, { force: true });
  expect(await scene.refit(['backup', 'restore', archive.id, '--yes'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(OLD);
  const { contents, data } = await look(scene);
  expect({ contents, data }).toEqual({ contents: before.contents, data: before.data });
});

test('a database that was moved since the upgrade: what goes back is where it was', async () => {
  await using scene = await openScene({ versions: [OLD, NEW] });
  const before = await look(scene);
  await upgraded(scene);
  const moved = path.join(path.dirname(scene.installed.database), 'moved.db');
  await scene.end();
  fs.renameSync(scene.installed.database, moved);
  const env = fs.readFileSync(scene.installed.envFile, 'utf8');
  expect(env).toContain(scene.installed.database);
  fs.writeFileSync(scene.installed.envFile, env.replace(scene.installed.database, moved));
  await scene.start();
  expect(await scene.refit(['rollback', '--yes', '--restore-data'])).toMatchObject({ exit: 0 });
  expect(await scene.answers()).toBe(OLD);
  expect((await look(scene)).contents).toEqual(before.contents);
});

test('restore from a damaged archive changes nothing, and the service never stops', async () => {
  await using scene = await openScene();
  const archive = await upgraded(scene);
  fs.rmSync(archive.generation, { recursive: true });
  flip(archive.path, 100);
  const before = await look(scene);
  const { exit, stdout } = await scene.refit(['backup', 'restore', archive.id, '--yes']);
  expect({ exit, stdout }).toEqual({
    exit: 6,
    stdout: expect.stringMatching(/failed before anything was changed: .*E_(ARCHIVE|DIGEST)/),
  });
  expect(await look(scene)).toEqual(before);
  expect(fs.existsSync(archive.path)).toBe(true);
});

test('export: whole or an error; a terminal and a reader that leaves are refused', async () => {
  await using scene = await openScene();
  const archive = await upgraded(scene, ['--no-archive']);
  expect((await backups(scene)).map(({ kind }) => kind)).toEqual(['generation']);
  const command = `"${process.execPath}" "${REFIT}" backup export ${archive.id} --prefix "${scene.prefix}"`;
  const shell = (line: string) =>
    execFileSync('bash', ['-c', `set -o pipefail; ${line}`], {
      env: scene.environment,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  expect(shell(`${command} | tar -t --zstd`)).toContain('manifest.json\n');
  expect(shell(`${command} --compression gzip | tar -tz`)).toContain('binaries.json\n');
  expect(shell(`${command} 2>&1 >/dev/null`)).toContain('private keys');
  expect(shell(`${command} | true; echo "\${PIPESTATUS[0]}"`)).toBe('4\n');
  const copied = await scene.refit(['backup', 'export', archive.id, '--copy-to', scene.directory, '-o', 'json']);
  const { path: file, sha256 } = JSON.parse(copied.stdout) as { path: string; sha256: string };
  expect(digestOf(file)).toBe(sha256);
  expect(fs.statSync(file).mode & 0o777).toBe(0o600);
  expectError(await scene.refit(['backup', 'export', archive.id, '--copy-to', '/no/such']), {
    exit: 4,
    code: 'E_NOT_FOUND',
    saw: '/no/such',
    next: /./,
  });
});

test('prune: shown first, asked, never what a rollback needs unless it is named', async () => {
  await using scene = await openScene();
  for (const tag of ['v0.2.10', NEW]) expect(await scene.upgrade(['--to', tag])).toMatchObject({ exit: 0 });
  const [newest, , oldest] = await backups(scene);
  const dry = await scene.refit(['backup', 'prune', '--keep', '0', '--dry-run', '-o', 'json']);
  expect(JSON.parse(dry.stdout)).toMatchObject({ removed: [], wouldRemove: [{ id: oldest?.id }] });
  expect(await scene.refit(['backup', 'prune', '--keep', '0', '--older-than', '1d', '--yes'])).toMatchObject({
    exit: 0,
    stdout: 'nothing to remove\n',
  });
  expectError(await scene.refit(['backup', 'prune']), { exit: 2, code: 'E_USAGE', saw: 'neither', next: '--keep' });
  expectError(await scene.refit(['backup', 'prune', '--keep', '0']), {
    exit: 2,
    code: 'E_CONFIRMATION_NEEDED',
    saw: 'not a terminal',
    next: '--yes',
  });
  expect(await backups(scene)).toHaveLength(4);
  expect(await scene.refit(['backup', 'prune', '--keep', '0', '--yes'])).toMatchObject({
    exit: 0,
    stdout: 'removed 1 backup\n',
  });
  expect((await backups(scene)).map(({ id }) => id)).toEqual([newest?.id, newest?.id]);
  const left = `${path.dirname(newest?.path ?? '')}/${newest?.id}.tar.zst.part`;
  fs.writeFileSync(left, 'of a worker that was killed');
  const named = await scene.refit(['backup', 'prune', newest?.id ?? '', '--yes']);
  expect(fs.existsSync(left)).toBe(false);
  expect({ exit: named.exit, said: named.stderr }).toEqual({
    exit: 0,
    said: expect.stringContaining('refit rollback needs it'),
  });
  expect(await backups(scene)).toEqual([]);
  expect(await scene.answers()).toBe(NEW);
});

test('somebody else made the archive, its list, and all: it is not unpacked, and nothing is written elsewhere', async () => {
  await using scene = await openScene();
  const archive = await upgraded(scene);
  const victim = path.join(scene.directory, 'victim');
  fs.rmSync(archive.generation, { recursive: true });
  const hostile = path.join(scene.directory, 'hostile');
  fs.mkdirSync(`${hostile}/tree`, { recursive: true });
  fs.writeFileSync(`${hostile}/tree/x`, 'gotcha');
  const up = '../'.repeat(20);
  execFileSync('tar', [
    '-c',
    '--format=posix',
    '--zstd',
    '-P',
    '-f',
    archive.path,
    '-C',
    hostile,
    `--transform=s,tree/x,tree/${up}${victim},`,
    'tree/x',
  ]);
  const before = await look(scene);
  expectError(await scene.refit(['backup', 'verify', archive.id]), {
    exit: 6,
    code: 'E_ARCHIVE_UNSAFE',
    saw: '../',
    next: 'backup list',
  });
  expect(await scene.refit(['backup', 'restore', archive.id, '--yes'])).toMatchObject({ exit: 6 });
  expect(fs.existsSync(victim)).toBe(false);
  expect(await look(scene)).toEqual(before);
});

test('a backup that is not there, and one that is not meant', async () => {
  await using scene = await openScene({ start: false });
  for (const verb of ['verify', 'restore', 'export'])
    expectError(await scene.refit(['backup', verb, '01J8ZQ5H3K7M9N0P1Q2R3S4T5V']), {
      exit: 4,
      code: 'E_NOT_FOUND',
      saw: 'saw none',
      next: 'refit backup list',
    });
});
