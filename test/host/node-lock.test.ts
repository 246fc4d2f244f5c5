import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { type Effect, plainEffects } from '../../src/host/effects.ts';
import { nodeFiles } from '../../src/host/node-files.ts';
import { nodeLock } from '../../src/host/node-lock.ts';
import { isRoot, mountTmpfs, scratch } from './scratch.ts';

const files = nodeFiles(plainEffects);
const lock = nodeLock(plainEffects, files);
const ME = { pid: process.pid, startTime: '1', since: '2026-01-01T00:00:00Z', who: 'ops', command: 'refit' };
const LOCKED = { code: 'E_LOCKED' };

async function holdElsewhere(path: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'children/hold-lock.ts'), path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  return child;
}

test('taken, seen, refused a second time, freed, taken again', async () => {
  const path = join(scratch(), 'run.lock');
  expect(await lock.holder(path)).toEqual({ held: false, holder: undefined });
  const first = await lock.acquire(path, ME);
  expect(await lock.holder(path)).toEqual({ held: true, holder: ME });
  await expect(lock.acquire(path, ME)).rejects.toMatchObject(LOCKED);
  await first[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
  expect(await lock.holder(path)).toEqual({ held: false, holder: undefined });
  const second = await lock.acquire(path, ME);
  await second[Symbol.asyncDispose]();
});

test('it is ours alone to open, and says who for everybody', async () => {
  const at = scratch();
  const before = process.umask(0o777);
  const held = await lock.acquire(join(at, 'run.lock'), ME).finally(() => process.umask(before));
  const modes = ['run.lock', 'run.lock.json'].map((name) => statSync(join(at, name)).mode & 0o777);
  expect(modes).toEqual([0o600, 0o644]);
  await held[Symbol.asyncDispose]();
  expect(readdirSync(at)).toEqual(['run.lock']);
});

test('another process has it until it is killed', async () => {
  const path = join(scratch(), 'run.lock');
  const other = await holdElsewhere(path);
  const error: unknown = await lock.acquire(path, ME).catch((cause: unknown) => cause);
  expect(error).toMatchObject({
    ...LOCKED,
    message: expect.stringContaining(`process ${other.pid} (refit upgrade) of ops`),
  });
  expect(await lock.holder(path)).toMatchObject({ held: true, holder: { pid: other.pid } });
  other.kill('SIGKILL');
  await once(other, 'exit');
  expect(await lock.holder(path)).toMatchObject({ held: false, holder: { pid: other.pid } });
  const held = await lock.acquire(path, ME);
  expect(await lock.holder(path)).toEqual({ held: true, holder: ME });
  await held[Symbol.asyncDispose]();
});

test('asking, from here or elsewhere, never frees a lock of ours', async () => {
  const path = join(scratch(), 'run.lock');
  const held = await lock.acquire(path, ME);
  await lock.holder(path);
  await expect(lock.acquire(path, ME)).rejects.toMatchObject(LOCKED);
  linkSync(path, `${path}2`);
  await expect(lock.acquire(`${path}2`, ME)).rejects.toMatchObject(LOCKED);
  const script = `const { DatabaseSync } = require('node:sqlite');
    new DatabaseSync(process.argv[1], { timeout: 0 }).exec('BEGIN EXCLUSIVE')`;
  expect(() => execFileSync(process.execPath, ['-e', script, path], { stdio: 'ignore' })).toThrow();
  await held[Symbol.asyncDispose]();
});

function walDatabase(path: string): void {
  const database = new DatabaseSync(path);
  database.exec('PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES (1)');
  database.close();
}

test.each([
  ['garbage', (path: string) => writeFileSync(path, 'not a database at all '.repeat(500))],
  ['a header cut short', (path: string) => writeFileSync(path, 'SQLite format 3\0')],
  ['a database in WAL mode', walDatabase],
  ['a file that others may read', (path: string) => writeFileSync(path, '', { mode: 0o644 })],
])('%s in its place does not stop us, and locks as well', async (_, make) => {
  const path = join(scratch(), 'run.lock');
  make(path);
  expect(await lock.holder(path)).toEqual({ held: false, holder: undefined });
  const other = await holdElsewhere(path);
  await expect(lock.acquire(path, ME)).rejects.toMatchObject(LOCKED);
  expect(statSync(path)).toMatchObject({ size: 0, mode: 0o100600 });
  other.kill('SIGKILL');
});

test('what is written into a held one changes nothing', async () => {
  const path = join(scratch(), 'run.lock');
  const other = await holdElsewhere(path);
  writeFileSync(path, 'garbage');
  await expect(lock.acquire(path, ME)).rejects.toMatchObject(LOCKED);
  expect(await lock.holder(path)).toMatchObject({ held: true });
  other.kill('SIGKILL');
});

test('damaged words about the holder do not matter', async () => {
  const path = join(scratch(), 'run.lock');
  const other = await holdElsewhere(path);
  for (const text of ['', '{', '[]', '{"pid":"x"}']) {
    writeFileSync(`${path}.json`, text);
    expect(await lock.holder(path)).toEqual({ held: true, holder: undefined });
    await expect(lock.acquire(path, ME)).rejects.toMatchObject(LOCKED);
  }
  other.kill('SIGKILL');
});

test('a link or a directory in its place is refused', async () => {
  const at = scratch();
  symlinkSync('elsewhere', join(at, 'l'));
  mkdirSync(join(at, 'd'));
  for (const name of ['l', 'd'])
    await expect(lock.acquire(join(at, name), ME)).rejects.toMatchObject({ code: 'E_FILE' });
  expect(readdirSync(at)).toEqual(['d', 'l']);
});

test('a reader who looks for a moment does not keep us out', async () => {
  const path = join(scratch(), 'run.lock');
  writeFileSync(path, '');
  const reader = new DatabaseSync(path, { readOnly: true });
  reader.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
  const taking = lock.acquire(path, ME);
  reader.close();
  await (await taking)[Symbol.asyncDispose]();
});

test('taking and freeing are effects', async () => {
  const effects: Effect[] = [];
  const counting = {
    run: <T>(effect: Effect, act: (middle: () => void) => Promise<T>) => {
      effects.push(effect);
      return act(() => undefined);
    },
  };
  const path = join(scratch(), 'run.lock');
  const held = await nodeLock(counting, nodeFiles(counting)).acquire(path, ME);
  await held[Symbol.asyncDispose]();
  const labels = [`lock ${path}`, `write ${path}.json`, `remove ${path}.json`, `unlock ${path}`];
  expect(effects.map(({ label }) => label)).toEqual(labels);
});

if (isRoot) {
  test('a full disk does not keep us out', async () => {
    const at = scratch();
    mountTmpfs(at, 'size=8k');
    expect(() => writeFileSync(join(at, 'filler'), Buffer.alloc(100_000))).toThrow('ENOSPC');
    const held = await lock.acquire(join(at, 'run.lock'), ME);
    expect((await lock.holder(join(at, 'run.lock'))).held).toBe(true);
    await held[Symbol.asyncDispose]();
  });

  test('on a read-only file system there is no lock to be had', async () => {
    const at = scratch();
    mountTmpfs(at, 'size=64k');
    writeFileSync(join(at, 'run.lock'), '', { mode: 0o600 });
    execFileSync('mount', ['-o', 'remount,ro', at]);
    await expect(lock.acquire(join(at, 'run.lock'), ME)).rejects.toMatchObject({ code: 'E_READ_ONLY' });
  });
}
